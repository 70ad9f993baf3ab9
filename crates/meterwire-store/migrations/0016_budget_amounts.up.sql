-- What a budget's amount was before it was changed: each was in force until that instant, the newest is in the budget.
CREATE TABLE budget_amount (
  budget INTEGER NOT NULL REFERENCES budget (number) ON DELETE CASCADE,
  until_ms INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (budget, until_ms)
) STRICT, WITHOUT ROWID;
