UPDATE rerating SET state = ?3, ended_ms = ?4, error = ?5 WHERE tenant_id = ?1 AND id = ?2 AND state = 0
