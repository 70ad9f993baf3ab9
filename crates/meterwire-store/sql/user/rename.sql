UPDATE "user" SET id = ?1, username = ?1 WHERE tenant_id = ?2 AND id = ?3
