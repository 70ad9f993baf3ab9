INSERT INTO provider_bucket
  (tenant_id, connection_id, kind, day, fingerprint, row_count, read_ms, was_over, revised_ms, revisions)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, 0)
ON CONFLICT DO UPDATE SET fingerprint = ?5, row_count = ?6, read_ms = ?7, was_over = ?8,
  revised_ms = CASE WHEN ?9 THEN ?7 ELSE revised_ms END, revisions = revisions + ?9
