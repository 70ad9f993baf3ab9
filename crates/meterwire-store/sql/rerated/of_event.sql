SELECT rerating.id, rerating.begun_by, rerating.begun_ms, rerated.cost_nanos, rerated.rating, rerated.price
FROM rerated JOIN rerating ON rerating.number = rerated.rerating
WHERE rerated.event_seq = ? AND rerating.tenant_id = ? ORDER BY rerated.rerating
