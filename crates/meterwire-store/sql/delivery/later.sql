UPDATE delivery SET attempts = attempts + 1, last_error = ?3, last_try_ms = ?2, next_ms = ?4
WHERE seq = ?1 AND state = 0
