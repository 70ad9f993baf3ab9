SELECT * FROM budget_in_zone WHERE tenant_id = ? AND id = ?
