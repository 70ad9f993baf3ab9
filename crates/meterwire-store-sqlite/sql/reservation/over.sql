SELECT tenant_id, id, user, metric_id, first_day, amount FROM reservation
WHERE status = 'held' AND expires_ms <= ? ORDER BY expires_ms LIMIT 10000
