UPDATE provider_stream
SET covers_from_ms = ?4, covers_to_ms = ?5,
  due_ms = CASE
    WHEN CAST(?11 AS TEXT) IS NULL AND CAST(?15 AS BIGINT) = 0 AND wanted_from_ms < ?4 AND CAST(?17 AS BIGINT) < ?7 THEN ?17
    ELSE ?7
  END,
  last_success_ms = ?8, last_deep_ms = ?9, failures = ?10, failure_code = ?11, failure_message = ?12,
  failure_ms = ?13, failure_passing = ?14, is_missing = ?15, skew_ms = ?16
WHERE tenant_id = ?1 AND connection_id = ?2 AND kind = ?3 AND CAST(?6 AS BIGINT) IS NOT NULL
