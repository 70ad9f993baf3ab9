UPDATE channel SET name = ?3, target = ?4, sealed = ?5, enabled = ?6, off_because = ?7
WHERE tenant_id = ?1 AND id = ?2
