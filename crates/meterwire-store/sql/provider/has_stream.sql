SELECT EXISTS (SELECT 1 FROM provider_stream WHERE tenant_id = ? AND connection_id = ? AND kind = ?)
