SELECT seq, time_ms FROM event INDEXED BY event_time
WHERE tenant_id = ?1 AND time_ms < ?2 AND seq < ?3 AND voided_ms IS NULL AND received_ms < ?4
LIMIT ?5
