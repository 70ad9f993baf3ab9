SELECT kind, covers_from_ms, covers_to_ms, wanted_from_ms, due_ms, last_success_ms, last_deep_ms, failures,
  failure_code, failure_message, failure_ms, failure_passing, is_missing, skew_ms
FROM provider_stream WHERE tenant_id = ? AND connection_id = ? ORDER BY kind
