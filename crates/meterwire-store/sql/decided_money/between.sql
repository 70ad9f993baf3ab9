SELECT slot, "user", project, model, api_key, department, amount FROM decided_money
WHERE tenant_id = ? AND slot >= ? AND slot < ?
