UPDATE api_key SET last_used_ms = ?1 WHERE id = ?2 AND ifnull(last_used_ms, ?1 - 1) < ?1
