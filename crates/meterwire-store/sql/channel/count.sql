SELECT count(*) FROM channel WHERE tenant_id = ?1
