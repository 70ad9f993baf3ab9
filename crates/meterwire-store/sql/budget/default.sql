SELECT * FROM budget_in_zone WHERE tenant_id = ? AND is_default = 1
