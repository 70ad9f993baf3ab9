SELECT seq, subject FROM alert WHERE tenant_id = ?1 AND id = ?2
