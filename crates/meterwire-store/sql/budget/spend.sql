INSERT INTO budget_period (budget, start_ms, spent) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET spent = spent + excluded.spent
RETURNING spent
