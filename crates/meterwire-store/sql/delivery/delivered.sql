UPDATE delivery SET state = 1, attempts = attempts + 1, last_error = ?3, last_try_ms = ?2, delivered_ms = ?2
WHERE seq = ?1
