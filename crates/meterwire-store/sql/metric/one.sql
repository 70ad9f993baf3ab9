SELECT id, name, description, unit, "window", timezone,
  (SELECT counts FROM metric_counts WHERE metric_id = metric.id ORDER BY from_seq DESC LIMIT 1), created_ms
FROM metric WHERE tenant_id = ? AND name = ?
