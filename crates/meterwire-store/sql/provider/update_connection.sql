UPDATE provider_connection
SET name = ?, base_url = ?, sealed_key = ?, enabled = ?, project_map = ?, key_map = ?
WHERE tenant_id = ? AND id = ? AND is_leaving = 0
