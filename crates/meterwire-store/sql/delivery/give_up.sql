UPDATE delivery SET state = 2, last_error = ?3 WHERE tenant_id = ?1 AND channel_id = ?2 AND state = 0
