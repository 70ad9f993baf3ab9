SELECT amount FROM user_limit WHERE tenant_id = ? AND "user" = ? AND metric_id = ?
