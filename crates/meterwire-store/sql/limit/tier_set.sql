INSERT INTO tier_limit (tenant_id, tier, metric_id, amount) VALUES (?, ?, ?, ?)
ON CONFLICT (tenant_id, tier, metric_id) DO UPDATE SET amount = excluded.amount
