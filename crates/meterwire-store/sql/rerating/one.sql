SELECT number, id, begun_by, begun_ms, from_ms, to_ms, provider, model, only_unpriced,
  state, events, changed, cost_change, unpriced_change, ended_ms, error, expected
FROM rerating WHERE tenant_id = ? AND id = ?
