-- Every metric of the tenant; NULL is unlimited.
SELECT metric.name, tier_limit.amount
FROM metric
LEFT JOIN tier_limit
  ON tier_limit.tenant_id = metric.tenant_id AND tier_limit.tier = ?2 AND tier_limit.metric_id = metric.id
WHERE metric.tenant_id = ?1
