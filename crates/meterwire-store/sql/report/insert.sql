INSERT INTO report (tenant_id, id, name, every, department, project, timezone, hour, recipients, formats, enabled, created_ms, next_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
