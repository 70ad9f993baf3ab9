UPDATE provider_stream
SET covers_from_ms = ?4, covers_to_ms = ?5,
  due_ms = CASE WHEN ?11 IS NULL AND ?15 = 0 AND wanted_from_ms < ?4 THEN min(?7, ?17) ELSE ?7 END,
  last_success_ms = ?8, last_deep_ms = ?9, failures = ?10, failure_code = ?11, failure_message = ?12,
  failure_ms = ?13, failure_passing = ?14, is_missing = ?15, skew_ms = ?16
WHERE tenant_id = ?1 AND connection_id = ?2 AND kind = ?3 AND ?6 NOTNULL
