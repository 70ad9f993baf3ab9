INSERT INTO provider_bucket
  (tenant_id, connection_id, kind, day, fingerprint, row_count, read_ms, was_over, revised_ms, revisions)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, 0)
ON CONFLICT (tenant_id, connection_id, kind, day) DO UPDATE SET
  fingerprint = excluded.fingerprint, row_count = excluded.row_count, read_ms = excluded.read_ms, was_over = excluded.was_over,
  revised_ms = CASE WHEN CAST(?9 AS BIGINT) = 1 THEN excluded.read_ms ELSE provider_bucket.revised_ms END,
  revisions = provider_bucket.revisions + CAST(?9 AS BIGINT)
