INSERT INTO closing (tenant_id, id, name, from_ms, to_ms, timezone, closed_ms, closed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
