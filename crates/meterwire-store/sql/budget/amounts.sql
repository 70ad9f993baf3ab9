SELECT until_ms, amount FROM budget_amount
WHERE budget = (SELECT number FROM budget WHERE tenant_id = ? AND id = ?) ORDER BY until_ms
