SELECT counts, timezone FROM metric_counts WHERE metric_id = ? AND from_seq <= ? ORDER BY from_seq DESC LIMIT 1
