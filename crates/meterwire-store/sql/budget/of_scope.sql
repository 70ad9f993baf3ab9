SELECT * FROM budget_in_zone WHERE tenant_id = ? AND scope = ? ORDER BY period <> 'month', number LIMIT 1
