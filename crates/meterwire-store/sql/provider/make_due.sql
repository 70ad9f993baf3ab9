UPDATE provider_stream SET due_ms = min(due_ms, ?1) WHERE tenant_id = ?2 AND connection_id = ?3
