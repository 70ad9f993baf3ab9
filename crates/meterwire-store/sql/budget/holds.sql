SELECT "user", project, model, for_api_key, for_department, amount, created_ms FROM reservation
WHERE status = 'held' AND tenant_id = ? AND metric = 'cost_usd' AND expires_ms > ?
