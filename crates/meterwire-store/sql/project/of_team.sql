SELECT slug FROM project WHERE tenant_id = ? AND team = ?
