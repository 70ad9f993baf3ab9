SELECT id, name, every, department, project, timezone, hour, recipients, formats, enabled, created_ms, next_ms, tenant_id
FROM report WHERE enabled = 1 AND next_ms <= ?1 ORDER BY next_ms LIMIT ?2
