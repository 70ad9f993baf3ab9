UPDATE report_delivery
SET state = ?2, attempts = attempts + 1, next_ms = ?3, last_error = ?4, delivered_ms = CASE WHEN CAST(?2 AS BIGINT) = 1 THEN CAST(?5 AS BIGINT) END
WHERE n = ?1 AND state = 0
