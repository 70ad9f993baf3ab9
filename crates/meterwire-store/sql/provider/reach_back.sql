UPDATE provider_stream SET
  wanted_from_ms = CASE WHEN wanted_from_ms < ?1 THEN wanted_from_ms ELSE ?1 END,
  due_ms = CASE WHEN due_ms < ?2 THEN due_ms ELSE ?2 END
WHERE tenant_id = ?3 AND connection_id = ?4
