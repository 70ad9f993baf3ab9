UPDATE reservation SET status = 'expired', settled_ms = expires_ms WHERE tenant_id = ? AND id = ?
