-- From the next event on.
INSERT INTO metric_counts (metric_id, from_seq, counts, timezone)
VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM event), ?, ?)
ON CONFLICT DO UPDATE SET counts = excluded.counts, timezone = excluded.timezone
