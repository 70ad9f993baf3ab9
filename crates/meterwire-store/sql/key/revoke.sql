UPDATE api_key SET revoked_ms = coalesce(revoked_ms, ?) WHERE tenant_id IS NOT DISTINCT FROM ? AND id = ?
