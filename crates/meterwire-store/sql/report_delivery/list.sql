SELECT n, from_ms, to_ms, by_hand, state, attempts, next_ms, made_ms, delivered_ms, last_error
FROM report_delivery WHERE tenant_id = ?1 AND report_id = ?2 AND n < ?3 ORDER BY n DESC LIMIT ?4
