SELECT count(*) FROM label WHERE tenant_id = ? AND kind = ? AND value <> ?
