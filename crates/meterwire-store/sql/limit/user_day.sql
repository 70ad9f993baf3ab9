SELECT metric.name,
  CASE metric."window"
    WHEN 'none' THEN (
      SELECT used FROM level
      WHERE tenant_id = ?1 AND metric_id = metric.id AND "user" = ?2 AND day <= ?3
      ORDER BY day DESC LIMIT 1
    )
    ELSE (
      SELECT used - forgiven FROM counter
      WHERE tenant_id = ?1 AND metric_id = metric.id AND day = ?3 AND "user" = ?2
    )
  END
FROM metric
WHERE metric.tenant_id = ?1
