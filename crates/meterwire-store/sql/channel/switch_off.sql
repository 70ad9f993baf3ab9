UPDATE channel SET enabled = 0, off_because = ?3 WHERE tenant_id = ?1 AND id = ?2
