SELECT id, provider, name, base_url, sealed_key, enabled, project_map, key_map, created_ms
FROM provider_connection WHERE tenant_id = ? AND is_leaving = 0 ORDER BY id
