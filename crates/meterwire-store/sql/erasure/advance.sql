UPDATE erasure SET done_seq = ?1 WHERE tenant_id = ?2 AND "user" = ?3 AND done_seq = ?4
