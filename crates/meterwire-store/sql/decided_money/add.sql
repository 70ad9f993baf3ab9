INSERT INTO decided_money (tenant_id, slot, user, project, model, api_key, department, amount)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
