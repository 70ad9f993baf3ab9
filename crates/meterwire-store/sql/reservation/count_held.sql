SELECT count(*) FROM reservation WHERE status = 'held' AND tenant_id = ?
