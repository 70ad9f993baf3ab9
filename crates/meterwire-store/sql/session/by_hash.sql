SELECT
  k.id, k.tenant_id, k.name, k.role, k.prefix, k.hash, k."user", k.project, k.created_ms, k.expires_ms, k.revoked_ms,
  k.last_used_ms, s.expires_ms
FROM session s JOIN api_key k ON k.id = s.key_id
WHERE s.hash = ?
