DELETE FROM alert WHERE tenant_id = ?1 AND "user" = ?2
