SELECT id, "user", metric, metric_id, amount, first_day, day, status, created_ms, expires_ms, settled_ms, committed,
  after_expiry, project, model, event_seq, for_api_key, for_department
FROM reservation WHERE tenant_id = ? AND id = ?
