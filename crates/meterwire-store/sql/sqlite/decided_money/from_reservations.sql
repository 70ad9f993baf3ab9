-- What was committed counts when it was held, for whom the reservation names or else the event.
INSERT INTO decided_money (tenant_id, slot, user, project, model, api_key, department, amount)
SELECT reservation.tenant_id, reservation.created_ms / 900000, reservation.user,
  coalesce(reservation.project, project.value, ''), coalesce(reservation.model, model.value, ''),
  coalesce(api_key.value, ''),
  -- A department goes with its project.
  iif(coalesce(reservation.project, project.value) IS coalesce(project.value, reservation.project), coalesce(department.value, ''), ''),
  reservation.committed
FROM reservation
LEFT JOIN event ON event.seq = reservation.event_seq
LEFT JOIN label AS project ON project.id = event.project
LEFT JOIN label AS model ON model.id = event.model
LEFT JOIN label AS api_key ON api_key.id = event.api_key
LEFT JOIN label AS department ON department.id = event.department
WHERE reservation.metric = 'cost_usd' AND reservation.status = 'committed' AND reservation.committed <> 0
  AND event.voided_ms IS NULL
ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
