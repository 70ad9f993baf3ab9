INSERT INTO tier_limit (tenant_id, tier, metric_id, amount) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET amount = excluded.amount
