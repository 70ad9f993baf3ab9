SELECT id, provider, name, base_url, sealed_key, enabled, project_map, key_map, created_ms
FROM provider_connection WHERE tenant_id = ? AND id = ? AND is_leaving = 0
