SELECT name FROM tier WHERE tenant_id = ? ORDER BY name LIMIT ?
