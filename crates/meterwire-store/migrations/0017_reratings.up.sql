-- Re-rating: jobs that rate recorded events anew, and how each event was rated before.

CREATE TABLE rerating (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  begun_by TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  provider TEXT, -- only this one
  model TEXT,
  only_unpriced INTEGER NOT NULL,
  last_seq INTEGER NOT NULL, -- only events up to this one
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2), -- running, done, failed
  -- How far it has come: moved in the transaction that rates. Absent at the beginning.
  after_ms INTEGER,
  after_seq INTEGER,
  is_over INTEGER NOT NULL DEFAULT 0, -- every event was looked at
  -- What it has done.
  events INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  cost_change INTEGER NOT NULL DEFAULT 0,
  unpriced_change INTEGER NOT NULL DEFAULT 0,
  ended_ms INTEGER,
  error TEXT,
  expected TEXT NOT NULL, -- JSON, what was shown before it began
  prices TEXT NOT NULL -- JSON, the prices as they were then; last, since it may be long
) STRICT;
CREATE INDEX rerating_tenant ON rerating (tenant_id, number);
CREATE UNIQUE INDEX rerating_running ON rerating (tenant_id) WHERE state = 0;

-- How an event was rated before a re-rating changed it.
CREATE TABLE rerated (
  event_seq INTEGER NOT NULL,
  rerating INTEGER NOT NULL, -- its number
  cost_nanos INTEGER NOT NULL,
  rating INTEGER NOT NULL, -- as in event
  price INTEGER NOT NULL, -- the label of the price, 0 where there was none
  PRIMARY KEY (event_seq, rerating)
) STRICT, WITHOUT ROWID;
