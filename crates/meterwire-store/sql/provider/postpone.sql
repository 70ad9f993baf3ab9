UPDATE provider_stream SET due_ms = ? WHERE tenant_id = ? AND connection_id = ? AND kind = ?
