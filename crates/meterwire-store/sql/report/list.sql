SELECT id, name, every, department, project, timezone, hour, recipients, formats, enabled, created_ms, next_ms
FROM report WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?
