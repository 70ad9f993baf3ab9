INSERT INTO report_delivery (tenant_id, report_id, from_ms, to_ms, by_hand, state, attempts, next_ms, made_ms)
VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7)
ON CONFLICT DO NOTHING
RETURNING n, from_ms, to_ms, by_hand, state, attempts, next_ms, made_ms, delivered_ms, last_error
