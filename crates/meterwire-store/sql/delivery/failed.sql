UPDATE delivery SET state = 2, attempts = attempts + 1, last_error = ?3, last_try_ms = ?2
WHERE seq = ?1 AND state = 0
RETURNING tenant_id, channel_id
