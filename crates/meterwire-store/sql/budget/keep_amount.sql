INSERT INTO budget_amount (budget, until_ms, amount) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
