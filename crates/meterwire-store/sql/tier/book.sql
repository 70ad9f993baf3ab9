SELECT tier.name, tier_limit.metric_id, tier_limit.amount
FROM tier LEFT JOIN tier_limit ON tier_limit.tenant_id = tier.tenant_id AND tier_limit.tier = tier.name
WHERE tier.tenant_id = ?
