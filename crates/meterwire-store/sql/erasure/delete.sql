DELETE FROM erasure WHERE tenant_id = ? AND "user" = ?
