INSERT INTO counter (tenant_id, metric_id, day, user, used) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET used = used + excluded.used, forgiven = min(forgiven, used + excluded.used)
