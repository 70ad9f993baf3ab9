INSERT INTO budget (tenant_id, id, name, amount, period, anchor, days, timezone, scope, hard, allow_unpriced, thresholds,
  channels, parent, is_default, follows, counted_from_ms, created_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING number
