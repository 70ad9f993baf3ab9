INSERT INTO reservation (tenant_id, id, "user", metric, metric_id, amount, first_day, day, status, created_ms, expires_ms,
  project, model, for_api_key, for_department)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'held', ?, ?, ?, ?, ?, ?)
