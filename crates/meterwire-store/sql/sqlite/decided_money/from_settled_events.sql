-- The cost of an event that a reservation of money was committed with is not counted again.
INSERT INTO decided_money (tenant_id, slot, user, project, model, api_key, department, amount)
SELECT event.tenant_id, event.time_ms / 900000, coalesce(user.value, ''), coalesce(project.value, ''),
  coalesce(model.value, ''), coalesce(api_key.value, ''), coalesce(department.value, ''), -event.cost_nanos
FROM reservation JOIN event ON event.seq = reservation.event_seq
LEFT JOIN label AS user ON user.id = event.user
LEFT JOIN label AS project ON project.id = event.project
LEFT JOIN label AS model ON model.id = event.model
LEFT JOIN label AS api_key ON api_key.id = event.api_key
LEFT JOIN label AS department ON department.id = event.department
WHERE reservation.metric = 'cost_usd' AND reservation.status = 'committed' AND event.cost_nanos <> 0
  AND event.voided_ms IS NULL
ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
