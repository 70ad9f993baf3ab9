UPDATE reservation SET status = ?, settled_ms = ?, committed = ?, after_expiry = ?, event_seq = ? WHERE tenant_id = ? AND id = ?
