SELECT slug, team FROM project WHERE tenant_id = ? AND team IS NOT NULL
