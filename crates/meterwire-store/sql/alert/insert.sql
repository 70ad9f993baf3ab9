INSERT INTO alert (tenant_id, id, key, subject, kind, severity, title, detail, "user", raised_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT DO NOTHING
RETURNING seq
