SELECT number, after_ms, after_seq FROM rerating WHERE tenant_id = ? AND id = ? AND state = 0 AND is_over = 0
