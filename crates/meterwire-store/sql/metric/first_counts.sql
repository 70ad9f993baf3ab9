INSERT INTO metric_counts (metric_id, from_seq, counts, timezone) VALUES (?, ?, ?, ?)
