-- Whom to tell what, and whether it arrived. Times are Unix milliseconds.

-- `target`: the addresses of mail as a JSON list, the address of a webhook; NULL for Slack, whose address is a secret.
-- `sealed`: the address of Slack, or the secret that a webhook is signed with.
CREATE TABLE channel (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  target TEXT,
  sealed BLOB,
  enabled INTEGER NOT NULL CHECK (enabled BETWEEN 0 AND 1),
  off_because TEXT, -- why it was switched off by itself
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
) STRICT, WITHOUT ROWID;

-- What a tenant has changed of the rules; the rest is as the code says.
CREATE TABLE alert_rule (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled BETWEEN 0 AND 1),
  params TEXT NOT NULL, -- a JSON object of numbers
  channels TEXT NOT NULL, -- a JSON list of ids; empty: every channel
  PRIMARY KEY (tenant_id, kind)
) STRICT, WITHOUT ROWID;

-- Each thing is told once: that is its key. `subject` is the beginning of the key that says of what it is.
CREATE TABLE alert (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT NOT NULL, -- a JSON object
  user TEXT, -- the user it tells of: erasing that user erases it
  raised_ms INTEGER NOT NULL,
  UNIQUE (tenant_id, key),
  UNIQUE (tenant_id, id)
) STRICT;
CREATE INDEX alert_tenant ON alert (tenant_id, seq);
CREATE INDEX alert_user ON alert (tenant_id, user) WHERE user IS NOT NULL;
CREATE INDEX alert_raised ON alert (raised_ms);

-- Nothing about a subject is sent before its snooze is over.
CREATE TABLE alert_snooze (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, subject)
) STRICT, WITHOUT ROWID;

-- One alert to one channel. Marked only after the other side has answered. The channel may be gone; its name stays.
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  alert_seq INTEGER NOT NULL REFERENCES alert (seq) ON DELETE CASCADE,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  channel_id TEXT NOT NULL,
  channel_name TEXT NOT NULL,
  channel_type TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2), -- open, delivered, failed
  attempts INTEGER NOT NULL,
  next_ms INTEGER NOT NULL, -- not tried before
  last_error TEXT,
  last_try_ms INTEGER,
  delivered_ms INTEGER,
  UNIQUE (alert_seq, channel_id)
) STRICT;
CREATE INDEX delivery_open ON delivery (next_ms) WHERE state = 0;
CREATE INDEX delivery_channel ON delivery (tenant_id, channel_id, next_ms, seq) WHERE state = 0;
