-- Budgets: money over a period. Amounts are billionths of a dollar, times Unix milliseconds.

CREATE TABLE budget (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'quarter', 'year', 'custom')),
  anchor TEXT, -- a custom period: its first day,
  days INTEGER, -- and how many it has
  timezone TEXT, -- NULL: the tenant's
  scope TEXT NOT NULL, -- a JSON object, keys in one order, so that equal scopes are equal texts
  hard INTEGER NOT NULL,
  allow_unpriced INTEGER NOT NULL,
  thresholds TEXT NOT NULL, -- a JSON array of millionths of the amount
  channels TEXT NOT NULL, -- a JSON array
  parent TEXT,
  is_default INTEGER NOT NULL,
  follows INTEGER NOT NULL, -- whether its amount is the configuration's
  counted_from_ms INTEGER NOT NULL, -- periods from here on are counted; the start of one
  created_ms INTEGER NOT NULL,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, parent) REFERENCES budget (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX budget_default ON budget (tenant_id) WHERE is_default = 1;
CREATE INDEX budget_scope ON budget (tenant_id, scope);
CREATE INDEX budget_parent ON budget (tenant_id, parent) WHERE parent IS NOT NULL;

-- Each budget with the zone that it is counted in.
CREATE VIEW budget_in_zone AS
SELECT budget.number, budget.tenant_id, budget.id, budget.name, amount, period, anchor, days,
  budget.timezone, coalesce(budget.timezone, tenant.timezone) AS zone, scope, hard, allow_unpriced, thresholds,
  channels, parent, is_default, follows, counted_from_ms, budget.created_ms
FROM budget JOIN tenant ON tenant.id = budget.tenant_id;

-- What was spent of a budget in the period that begins then. No row: nothing.
CREATE TABLE budget_period (
  budget INTEGER NOT NULL REFERENCES budget (number) ON DELETE CASCADE,
  start_ms INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  PRIMARY KEY (budget, start_ms)
) STRICT, WITHOUT ROWID;

-- Money that the costs of events do not tell: what decisions counted without an event, and by how much what an event
-- counts as money is more or less than its cost. With the rollups it is what budgets are counted from. `slot` is a start in
-- quarters of an hour since 1970; '' stands for an absent value.
CREATE TABLE decided_money (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  user TEXT NOT NULL,
  project TEXT NOT NULL,
  model TEXT NOT NULL,
  api_key TEXT NOT NULL,
  department TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, slot, user, project, model, api_key, department)
) STRICT, WITHOUT ROWID;

ALTER TABLE reservation ADD COLUMN for_api_key TEXT;
ALTER TABLE reservation ADD COLUMN for_department TEXT;
