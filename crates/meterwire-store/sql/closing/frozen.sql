SELECT tenant_id, number, name, from_ms, to_ms, calls, unpriced_calls, cost_nanos, sha256, statement
FROM closing WHERE sha256 IS NOT NULL ORDER BY number
