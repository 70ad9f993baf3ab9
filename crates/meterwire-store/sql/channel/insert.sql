INSERT INTO channel (tenant_id, id, name, type, target, sealed, enabled, off_because, created_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
