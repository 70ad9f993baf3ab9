SELECT number, id, begun_by, begun_ms, from_ms, to_ms, provider, model, only_unpriced,
  state, events, changed, cost_change, unpriced_change, ended_ms, error, expected,
  tenant_id, last_seq, prices, after_ms, after_seq, is_over
FROM rerating WHERE state = 0
ORDER BY number <= ?1, number LIMIT 1
