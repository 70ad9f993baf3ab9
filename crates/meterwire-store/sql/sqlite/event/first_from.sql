SELECT min(time_ms)
FROM event INDEXED BY event_time
WHERE tenant_id = ? AND time_ms >= ? AND voided_ms IS NULL
