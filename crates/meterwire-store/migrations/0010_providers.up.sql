-- What providers say was used. A connection may also be set by the instance's settings; then only its streams, buckets and
-- rows are here, so that these name it without a foreign key.

CREATE TABLE provider_connection (
  id TEXT PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  base_url TEXT,
  sealed_key BLOB NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled BETWEEN 0 AND 1),
  project_map TEXT NOT NULL, -- JSON: the provider's project to ours
  key_map TEXT NOT NULL, -- JSON: the provider's API key to ours
  created_ms INTEGER NOT NULL,
  is_leaving INTEGER NOT NULL DEFAULT 0 CHECK (is_leaving BETWEEN 0 AND 1) -- taken away, its rows are being cleared
) STRICT;
CREATE UNIQUE INDEX provider_connection_name ON provider_connection (tenant_id, name) WHERE is_leaving = 0;
CREATE INDEX provider_connection_leaving ON provider_connection (id) WHERE is_leaving = 1;

-- How far one kind of reports has come. Spans are Unix milliseconds of whole UTC days, end exclusive.
CREATE TABLE provider_stream (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  connection_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  covers_from_ms INTEGER,
  covers_to_ms INTEGER,
  wanted_from_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  last_success_ms INTEGER,
  last_deep_ms INTEGER,
  failures INTEGER NOT NULL,
  failure_code TEXT,
  failure_message TEXT,
  failure_ms INTEGER,
  failure_passing INTEGER,
  is_missing INTEGER NOT NULL CHECK (is_missing BETWEEN 0 AND 1),
  skew_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_stream_due ON provider_stream (due_ms);

-- A UTC day of one kind, days since 1970. `revisions` counts how often it changed although it had been over when last read.
CREATE TABLE provider_bucket (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  connection_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  day INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  row_count INTEGER NOT NULL,
  read_ms INTEGER NOT NULL,
  was_over INTEGER NOT NULL CHECK (was_over BETWEEN 0 AND 1),
  revised_ms INTEGER,
  revisions INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, kind, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_row (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  connection_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,
  project TEXT,
  api_key TEXT,
  model TEXT,
  service_tier TEXT,
  detail TEXT,
  requests INTEGER,
  tokens TEXT, -- JSON: the ten buckets in their order; NULL where all are 0
  quantity INTEGER,
  cost_nanos INTEGER,
  PRIMARY KEY (tenant_id, connection_id, kind, day, number)
) STRICT, WITHOUT ROWID;
