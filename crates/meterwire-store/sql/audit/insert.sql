INSERT INTO audit (tenant_id, at_ms, actor, action, target) VALUES (?, ?, ?, ?, ?)
