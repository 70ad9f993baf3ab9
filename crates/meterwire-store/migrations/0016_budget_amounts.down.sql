DROP TABLE budget_amount;
