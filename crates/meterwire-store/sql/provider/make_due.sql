UPDATE provider_stream SET due_ms = CASE WHEN due_ms < ?1 THEN due_ms ELSE ?1 END WHERE tenant_id = ?2 AND connection_id = ?3
