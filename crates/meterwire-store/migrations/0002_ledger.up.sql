-- The ledger: events in the order of recording. Rows are added and marked as voided, never moved or removed.

-- Texts of dimensions, sources and price ids, each kept once. `kind` is a code of labels.rs; number 0 is never given
-- out and stands for an absent value. Numbers are never used again, so that readers may remember them.
CREATE TABLE label (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (tenant_id, kind, value)
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  identity INTEGER NOT NULL, -- a hash of (tenant, source, id); see identity.rs
  source INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- Numbers of labels, 0 where absent.
  provider INTEGER NOT NULL,
  model INTEGER NOT NULL,
  project INTEGER NOT NULL,
  user INTEGER NOT NULL,
  api_key INTEGER NOT NULL,
  agent INTEGER NOT NULL,
  department INTEGER NOT NULL,
  country INTEGER NOT NULL,
  operation INTEGER NOT NULL,
  service_tier INTEGER NOT NULL,
  status INTEGER NOT NULL, -- 0 where absent
  latency_ms INTEGER,
  time_to_first_token_ms INTEGER,
  input_uncached INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write_short INTEGER NOT NULL,
  cache_write_long INTEGER NOT NULL,
  audio_input INTEGER NOT NULL,
  image_input INTEGER NOT NULL,
  output_visible INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  audio_output INTEGER NOT NULL,
  image_output INTEGER NOT NULL,
  cost_nanos INTEGER NOT NULL,
  rating INTEGER NOT NULL CHECK (rating BETWEEN 0 AND 3), -- free, priced, given, unpriced
  price INTEGER NOT NULL, -- the label of the price it was rated with
  fingerprint BLOB NOT NULL,
  request_hash BLOB,
  metrics TEXT,
  properties TEXT,
  voided_ms INTEGER
) STRICT;

-- Voided events leave this index, so no question can meet them. `seq` is named so that the log is in order by it.
CREATE INDEX event_time ON event (tenant_id, time_ms, seq) WHERE voided_ms IS NULL;
CREATE INDEX event_identity ON event (identity);
