-- Reports by the calendar, and closed periods. Times are Unix milliseconds.

-- A period that was closed, or is being closed: then it has no statement yet.
CREATE TABLE closing (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL, -- '2026-10', or its first and last day
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  timezone TEXT NOT NULL,
  closed_ms INTEGER NOT NULL,
  closed_by TEXT NOT NULL,
  -- Of the statement, so that a list need not read it.
  calls INTEGER NOT NULL DEFAULT 0,
  unpriced_calls INTEGER NOT NULL DEFAULT 0,
  cost_nanos INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  sha256 BLOB,
  statement BLOB -- last, since it may be long
) STRICT;
CREATE INDEX closing_tenant ON closing (tenant_id, from_ms);

-- What changed a closed period since: written with the change itself, so that statement and changes are today's totals.
CREATE TABLE closing_change (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  closing INTEGER NOT NULL REFERENCES closing (number) ON DELETE CASCADE,
  kind INTEGER NOT NULL, -- 1 received late, 2 voided
  at_ms INTEGER NOT NULL,
  event_seq INTEGER NOT NULL, -- the event may be gone for its age, its sums stay
  time_ms INTEGER NOT NULL,
  provider INTEGER NOT NULL, -- numbers of labels, 0 where absent
  model INTEGER NOT NULL,
  project INTEGER NOT NULL,
  department INTEGER NOT NULL,
  calls INTEGER NOT NULL, -- as in sums, for a quick look
  cost_nanos INTEGER NOT NULL,
  sums BLOB NOT NULL -- sums.rs; what was taken away is negative
) STRICT;
CREATE INDEX closing_change_closing ON closing_change (closing);

-- A report that is mailed by the calendar.
CREATE TABLE report (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  every TEXT NOT NULL, -- day, week, month
  department TEXT, -- at most one of the two
  project TEXT,
  timezone TEXT NOT NULL,
  hour INTEGER NOT NULL,
  recipients TEXT NOT NULL, -- a JSON array
  formats TEXT NOT NULL, -- a JSON array
  enabled INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  next_ms INTEGER NOT NULL, -- when the next finished period is due
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_next ON report (next_ms) WHERE enabled = 1;

-- One period of a report on its way, or an earlier one.
CREATE TABLE report_delivery (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL,
  report_id TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  by_hand INTEGER NOT NULL,
  state INTEGER NOT NULL, -- 0 pending, 1 delivered, 2 failed
  attempts INTEGER NOT NULL,
  next_ms INTEGER NOT NULL, -- not tried before, while it is pending
  made_ms INTEGER NOT NULL,
  delivered_ms INTEGER,
  last_error TEXT,
  FOREIGN KEY (tenant_id, report_id) REFERENCES report (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX report_delivery_period ON report_delivery (tenant_id, report_id, from_ms) WHERE by_hand = 0;
CREATE INDEX report_delivery_report ON report_delivery (tenant_id, report_id, n);
CREATE INDEX report_delivery_next ON report_delivery (next_ms) WHERE state = 0;
