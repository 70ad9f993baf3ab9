SELECT * FROM budget_in_zone WHERE tenant_id = ? AND parent = ? ORDER BY number
