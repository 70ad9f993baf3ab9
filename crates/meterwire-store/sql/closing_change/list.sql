SELECT change.n, change.kind, change.at_ms, change.time_ms, change.provider, change.model, change.project,
  change.department, change.sums, label.value, event.id
FROM closing_change AS change
LEFT JOIN event ON event.seq = change.event_seq
LEFT JOIN label ON label.id = event.source
WHERE change.closing = ?1 AND change.n > ?2 ORDER BY change.n LIMIT ?3
