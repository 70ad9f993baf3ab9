SELECT min(expires_ms) FROM reservation WHERE status = 'held' AND tenant_id = ?
