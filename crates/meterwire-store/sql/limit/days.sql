-- Sums in two halves, which cannot grow beyond 64 bits.
SELECT day, sum((used - forgiven) >> 32), sum((used - forgiven) & 4294967295)
FROM counter
WHERE tenant_id = ? AND metric_id = ? AND day BETWEEN ? AND ?
GROUP BY day
