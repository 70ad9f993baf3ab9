SELECT number, from_ms, to_ms FROM closing WHERE tenant_id = ? ORDER BY from_ms
