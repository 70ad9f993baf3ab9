SELECT metric_id, amount FROM user_limit WHERE tenant_id = ? AND "user" = ?
