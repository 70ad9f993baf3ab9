INSERT INTO provider_stream
  (tenant_id, connection_id, kind, covers_from_ms, covers_to_ms, wanted_from_ms, due_ms, last_success_ms, last_deep_ms,
   failures, failure_code, failure_message, failure_ms, failure_passing, is_missing, skew_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
ON CONFLICT DO NOTHING
