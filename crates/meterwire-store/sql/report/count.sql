SELECT count(*) FROM report WHERE tenant_id = ?
