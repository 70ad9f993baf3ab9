SELECT tenant_id, id, metric_id, first_day, amount, metric = 'cost_usd', created_ms,
  "user", project, model, for_api_key, for_department
FROM reservation
WHERE status = 'held' AND expires_ms <= ? ORDER BY expires_ms LIMIT 10000
