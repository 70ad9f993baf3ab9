DELETE FROM session WHERE key_id IN (SELECT id FROM api_key WHERE tenant_id = ? AND "user" = ?)
