INSERT INTO budget_period (budget, start_ms, spent) VALUES (?, ?, ?)
ON CONFLICT (budget, start_ms) DO UPDATE SET spent = budget_period.spent + excluded.spent
RETURNING spent
