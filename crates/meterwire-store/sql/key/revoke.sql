UPDATE api_key SET revoked_ms = ifnull(revoked_ms, ?) WHERE tenant_id IS ? AND id = ?
