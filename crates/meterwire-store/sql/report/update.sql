UPDATE report
SET name = ?3, every = ?4, department = ?5, project = ?6, timezone = ?7, hour = ?8, recipients = ?9, formats = ?10,
  enabled = ?11, next_ms = ?13
WHERE tenant_id = ?1 AND id = ?2 AND created_ms = ?12
