SELECT seq, at_ms, actor, action, target
FROM audit WHERE tenant_id IS ? AND seq < ? ORDER BY seq DESC LIMIT ?
