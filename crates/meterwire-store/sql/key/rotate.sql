UPDATE api_key SET prefix = ?, hash = ? WHERE tenant_id IS NOT DISTINCT FROM ? AND id = ?
RETURNING id, tenant_id, name, role, prefix, hash, "user", project, created_ms, expires_ms, revoked_ms, last_used_ms
