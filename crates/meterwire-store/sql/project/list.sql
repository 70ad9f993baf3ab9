SELECT slug, name, department, team, created_ms
FROM project WHERE tenant_id = ? AND slug > ? ORDER BY slug LIMIT ?
