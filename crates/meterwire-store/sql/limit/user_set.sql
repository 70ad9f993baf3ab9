INSERT INTO user_limit (tenant_id, "user", metric_id, amount) VALUES (?, ?, ?, ?)
