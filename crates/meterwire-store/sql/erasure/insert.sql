INSERT INTO erasure (tenant_id, "user", pseudonym, created_ms, done_seq, to_seq)
VALUES (?, ?, ?, ?, 0, ?)
