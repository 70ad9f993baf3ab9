INSERT INTO metric_counts (metric_id, from_seq, counts, timezone) VALUES (?, ?, ?, ?)
ON CONFLICT (metric_id, from_seq) DO UPDATE SET counts = excluded.counts, timezone = excluded.timezone
