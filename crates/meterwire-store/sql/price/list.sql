SELECT id, provider, model, from_ms, until_ms, rates, created_ms
FROM price WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?
