SELECT tenant_id, "user", pseudonym, done_seq, to_seq FROM erasure ORDER BY created_ms LIMIT 1
