DELETE FROM provider_stream WHERE tenant_id = ? AND connection_id = ?
