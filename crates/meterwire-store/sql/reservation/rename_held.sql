UPDATE reservation SET "user" = ?1 WHERE status = 'held' AND tenant_id = ?2 AND "user" = ?3
