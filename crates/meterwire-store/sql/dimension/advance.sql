UPDATE dimension SET
  filled_seq = ?1,
  filled_events = filled_events + ?2,
  events_from_ms = (SELECT events_from_ms FROM tenant WHERE id = dimension.tenant_id)
WHERE tenant_id = ?3 AND place = ?4
