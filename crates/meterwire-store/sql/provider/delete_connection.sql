DELETE FROM provider_connection WHERE tenant_id = ? AND id = ?
