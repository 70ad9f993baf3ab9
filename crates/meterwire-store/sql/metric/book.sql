SELECT id, name, "window", timezone,
  (SELECT counts FROM metric_counts WHERE metric_id = metric.id ORDER BY from_seq DESC LIMIT 1), tenant_limit
FROM metric WHERE tenant_id = ? ORDER BY name
