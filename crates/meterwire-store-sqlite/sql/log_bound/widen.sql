INSERT INTO log_bound (
  tenant_id, slot,
  seq_min, seq_max,
  cost_min, cost_max,
  input_min, input_max,
  output_min, output_max,
  total_min, total_max,
  latency_min, latency_max,
  status_min, status_max
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  seq_min = min(seq_min, excluded.seq_min), seq_max = max(seq_max, excluded.seq_max),
  cost_min = min(cost_min, excluded.cost_min), cost_max = max(cost_max, excluded.cost_max),
  input_min = min(input_min, excluded.input_min), input_max = max(input_max, excluded.input_max),
  output_min = min(output_min, excluded.output_min), output_max = max(output_max, excluded.output_max),
  total_min = min(total_min, excluded.total_min), total_max = max(total_max, excluded.total_max),
  latency_min = min(latency_min, excluded.latency_min), latency_max = max(latency_max, excluded.latency_max),
  status_min = min(status_min, excluded.status_min), status_max = max(status_max, excluded.status_max)
