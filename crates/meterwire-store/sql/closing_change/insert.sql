INSERT INTO closing_change (closing, kind, at_ms, event_seq, time_ms, provider, model, project, department, calls, cost_nanos, sums)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
