SELECT amount FROM reservation
WHERE status = 'held' AND tenant_id = ? AND metric_id = ? AND first_day = ? AND expires_ms > ?
