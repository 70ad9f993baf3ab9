SELECT day, project, api_key, model, service_tier, detail, requests, tokens, quantity, cost_nanos
FROM provider_row WHERE tenant_id = ? AND connection_id = ? AND kind = ? AND day >= ? AND day < ? ORDER BY day, number
