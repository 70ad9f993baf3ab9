UPDATE report SET next_ms = ?3 WHERE tenant_id = ?1 AND id = ?2
