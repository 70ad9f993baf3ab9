SELECT id, tenant_id, name, role, prefix, hash, "user", project, created_ms, expires_ms, revoked_ms, last_used_ms
FROM api_key WHERE tenant_id IS NOT DISTINCT FROM ? AND id > ? ORDER BY id LIMIT ?
