SELECT n, kind, at_ms, time_ms, provider, model, project, department, sums, event_seq
FROM closing_change
WHERE closing = ?1 AND n > ?2 ORDER BY n LIMIT ?3
