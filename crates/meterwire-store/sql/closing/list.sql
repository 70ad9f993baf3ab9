SELECT id, name, from_ms, to_ms, timezone, closed_ms, closed_by, calls, unpriced_calls, cost_nanos, sha256, bytes,
  (SELECT count(*) FROM closing_change WHERE closing = number),
  (SELECT coalesce(sum(closing_change.calls), 0) FROM closing_change WHERE closing = number),
  (SELECT coalesce(sum(closing_change.cost_nanos), 0) FROM closing_change WHERE closing = number)
FROM closing WHERE tenant_id = ?1 AND sha256 IS NOT NULL AND (CAST(?2 AS TEXT) IS NULL OR id = ?2) ORDER BY from_ms DESC
