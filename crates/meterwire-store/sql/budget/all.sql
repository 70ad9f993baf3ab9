SELECT * FROM budget_in_zone WHERE tenant_id = ? ORDER BY number
