SELECT metric_id, day, committed FROM reservation WHERE tenant_id = ? AND event_seq = ? AND metric_id IS NOT NULL
