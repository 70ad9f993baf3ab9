SELECT tenant_id, id FROM provider_connection WHERE is_leaving = 1 LIMIT 1
