UPDATE provider_stream SET wanted_from_ms = min(wanted_from_ms, ?1), due_ms = min(due_ms, ?2)
WHERE tenant_id = ?3 AND connection_id = ?4
