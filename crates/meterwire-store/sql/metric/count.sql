SELECT count(*) FROM metric WHERE tenant_id = ?
