-- Limits: metrics, tiers, counters, reservations. Amounts are millionths of the metric's unit, of cost_usd billionths.
-- Days are days since 1970-01-01 in the metric's zone.

CREATE TABLE metric (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT,
  unit TEXT,
  "window" TEXT NOT NULL CHECK ("window" IN ('day', 'week', 'month', 'none')),
  timezone TEXT NOT NULL,
  tenant_limit INTEGER, -- what all users together may use
  created_ms INTEGER NOT NULL,
  UNIQUE (tenant_id, name),
  UNIQUE (tenant_id, id) -- so that counters can refer to it by the beginning of their own key
) STRICT;

-- What events add to a metric and in which zone's days, from the event with this number on; so that voiding one takes away
-- what it had added, and where.
CREATE TABLE metric_counts (
  metric_id INTEGER NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
  from_seq INTEGER NOT NULL,
  counts TEXT NOT NULL,
  timezone TEXT NOT NULL,
  PRIMARY KEY (metric_id, from_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tier (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, name)
) STRICT, WITHOUT ROWID;

-- No row: unlimited.
CREATE TABLE tier_limit (
  tenant_id INTEGER NOT NULL,
  tier TEXT NOT NULL,
  metric_id INTEGER NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
  amount INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, tier, metric_id),
  FOREIGN KEY (tenant_id, tier) REFERENCES tier (tenant_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX tier_limit_metric ON tier_limit (metric_id);

-- No row: as the tier says.
CREATE TABLE user_limit (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  user TEXT NOT NULL,
  metric_id INTEGER NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
  amount INTEGER, -- NULL: unlimited
  PRIMARY KEY (tenant_id, user, metric_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_limit_metric ON user_limit (metric_id);

-- What was used of a metric on a day; user '' is usage without one. What counts is `used - forgiven`.
CREATE TABLE counter (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  metric_id INTEGER NOT NULL,
  day INTEGER NOT NULL,
  user TEXT NOT NULL,
  used INTEGER NOT NULL,
  forgiven INTEGER NOT NULL DEFAULT 0, -- taken out by a reset
  PRIMARY KEY (tenant_id, metric_id, day, user),
  FOREIGN KEY (tenant_id, metric_id) REFERENCES metric (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A metric without a window: the level at the end of a day on which it changed. The newest row is the present level.
CREATE TABLE level (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  metric_id INTEGER NOT NULL,
  user TEXT NOT NULL,
  day INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, metric_id, user, day),
  FOREIGN KEY (tenant_id, metric_id) REFERENCES metric (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX level_day ON level (tenant_id, metric_id, day); -- who changed a level on a day

-- The window is pinned when the hold is made.
CREATE TABLE reservation (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  user TEXT NOT NULL,
  metric TEXT NOT NULL,
  metric_id INTEGER REFERENCES metric (id) ON DELETE CASCADE, -- NULL: money of a tenant that does not count it
  amount INTEGER NOT NULL,
  first_day INTEGER NOT NULL,
  day INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('held', 'committed', 'released', 'expired')),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  settled_ms INTEGER,
  committed INTEGER,
  after_expiry INTEGER NOT NULL DEFAULT 0,
  project TEXT,
  model TEXT,
  event_seq INTEGER, -- the event that it was committed with
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_held ON reservation (tenant_id, metric_id, first_day, user) WHERE status = 'held';
CREATE INDEX reservation_expires ON reservation (expires_ms) WHERE status = 'held';
CREATE INDEX reservation_settled ON reservation (settled_ms) WHERE settled_ms IS NOT NULL;
CREATE INDEX reservation_event ON reservation (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX reservation_metric ON reservation (metric_id);

-- Answers to idempotency keys, refusals too.
CREATE TABLE idempotency (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  request BLOB NOT NULL, -- a hash of what was asked
  answer TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created_ms);

-- How many users a tier has.
CREATE INDEX user_tier ON user (tenant_id, tier);
