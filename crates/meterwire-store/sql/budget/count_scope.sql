SELECT count(*) FROM budget WHERE tenant_id = ? AND scope = ?
