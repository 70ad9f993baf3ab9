UPDATE provider_connection SET is_leaving = 1, sealed_key = x'' WHERE tenant_id = ? AND id = ? AND is_leaving = 0
