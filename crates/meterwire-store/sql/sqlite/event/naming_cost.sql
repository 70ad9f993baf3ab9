SELECT event.tenant_id, event.time_ms, event.cost_nanos, event.metrics,
  coalesce((SELECT value FROM label WHERE id = event.user), '') AS user,
  coalesce((SELECT value FROM label WHERE id = event.project), '') AS project,
  coalesce((SELECT value FROM label WHERE id = event.model), '') AS model,
  coalesce((SELECT value FROM label WHERE id = event.api_key), '') AS api_key,
  coalesce((SELECT value FROM label WHERE id = event.department), '') AS department
FROM event
WHERE voided_ms IS NULL AND metrics LIKE '%"cost_usd"%'
  AND tenant_id IN (SELECT id FROM tenant)
  AND NOT EXISTS (SELECT 1 FROM reservation WHERE event_seq = event.seq AND metric = 'cost_usd')
