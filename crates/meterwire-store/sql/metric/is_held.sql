SELECT EXISTS (
  SELECT 1 FROM reservation INDEXED BY reservation_held
  WHERE status = 'held' AND tenant_id = ? AND metric_id = ? AND expires_ms > ?
)
