INSERT INTO idempotency (tenant_id, key, request, answer, created_ms) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (tenant_id, key) DO UPDATE SET request = excluded.request, answer = excluded.answer, created_ms = excluded.created_ms
