SELECT count(*) FROM (
  SELECT counter."user"
  FROM metric
  CROSS JOIN counter ON counter.tenant_id = ?1 AND counter.metric_id = metric.id
  WHERE metric.tenant_id = ?1 AND counter.day = ?2 AND counter."user" > '' AND counter.used > 0
  UNION
  SELECT level."user"
  FROM metric
  CROSS JOIN level ON level.tenant_id = ?1 AND level.metric_id = metric.id
  WHERE metric.tenant_id = ?1 AND level.day = ?2 AND level."user" > ''
) AS active
