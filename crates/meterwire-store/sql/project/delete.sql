DELETE FROM project WHERE tenant_id = ? AND slug = ?
