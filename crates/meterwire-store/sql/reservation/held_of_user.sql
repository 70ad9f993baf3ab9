SELECT coalesce(sum(amount), 0) FROM reservation
WHERE status = 'held' AND tenant_id = ? AND metric_id = ? AND first_day = ? AND "user" = ? AND expires_ms > ?
