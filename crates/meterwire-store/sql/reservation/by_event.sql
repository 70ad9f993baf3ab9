SELECT metric_id, day, committed FROM reservation WHERE event_seq = ? AND metric_id IS NOT NULL
