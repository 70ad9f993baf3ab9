UPDATE report_delivery
SET state = ?2, attempts = attempts + 1, next_ms = ?3, last_error = ?4, delivered_ms = CASE WHEN ?2 = 1 THEN ?5 END
WHERE n = ?1 AND state = 0
