SELECT committed, created_ms, "user", project, model, for_api_key, for_department FROM reservation
WHERE tenant_id = ? AND event_seq = ? AND metric = 'cost_usd'
