INSERT INTO provider_connection
  (id, tenant_id, provider, name, base_url, sealed_key, enabled, project_map, key_map, created_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
