INSERT INTO decided_money (tenant_id, slot, "user", project, model, api_key, department, amount)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant_id, slot, "user", project, model, api_key, department)
DO UPDATE SET amount = decided_money.amount + excluded.amount
