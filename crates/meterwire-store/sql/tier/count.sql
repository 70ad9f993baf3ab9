SELECT count(*) FROM tier WHERE tenant_id = ?
