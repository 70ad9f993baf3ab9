SELECT metric.name, user_limit.amount
FROM user_limit JOIN metric ON metric.id = user_limit.metric_id
WHERE user_limit.tenant_id = ? AND user_limit."user" = ?
