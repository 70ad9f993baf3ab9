DELETE FROM user_limit WHERE tenant_id = ? AND "user" = ?
