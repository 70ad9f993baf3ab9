SELECT id, name, type, target, sealed, enabled, off_because, created_ms
FROM channel WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
