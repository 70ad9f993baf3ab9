SELECT seq, time_ms FROM event INDEXED BY event_voided
WHERE tenant_id = ?1 AND time_ms < ?2 AND seq < ?3 AND voided_ms IS NOT NULL AND received_ms < ?4
LIMIT ?5
