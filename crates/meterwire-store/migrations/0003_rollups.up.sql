-- Rollups: sums over slots of 15 minutes (width 1), an hour (4) or a UTC day (96), for several narrow sets of dimensions.
-- `slot` is the start in quarters of an hour since 1970; labels are numbers as in `event`. Which set keeps which widths
-- is said in rollup.rs. `sums` holds fourteen integers (sums.rs), the sketches counts of durations.

CREATE TABLE rollup_total (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  sums BLOB NOT NULL,
  latency BLOB,
  time_to_first_token BLOB,
  PRIMARY KEY (tenant_id, width, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_provider (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  provider INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_model (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  provider INTEGER NOT NULL,
  model INTEGER NOT NULL,
  operation INTEGER NOT NULL,
  service_tier INTEGER NOT NULL,
  sums BLOB NOT NULL,
  latency BLOB,
  time_to_first_token BLOB,
  PRIMARY KEY (tenant_id, width, slot, provider, model, operation, service_tier)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_project (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  project INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, project)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_project_model (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  project INTEGER NOT NULL,
  provider INTEGER NOT NULL,
  model INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, project, provider, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_user (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  user INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_api_key (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  api_key INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, api_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_agent (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  agent INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, agent)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_department (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  department INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, department)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_country (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  country INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_status (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  status INTEGER NOT NULL,
  provider INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, status, provider)
) STRICT, WITHOUT ROWID;

-- Bounds of the log's sort values for each quarter of an hour; see bounds.rs.

CREATE TABLE log_bound (
  tenant_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  seq_min INTEGER NOT NULL,
  seq_max INTEGER NOT NULL,
  cost_min INTEGER NOT NULL,
  cost_max INTEGER NOT NULL,
  input_min INTEGER NOT NULL,
  input_max INTEGER NOT NULL,
  output_min INTEGER NOT NULL,
  output_max INTEGER NOT NULL,
  total_min INTEGER NOT NULL,
  total_max INTEGER NOT NULL,
  latency_min INTEGER NOT NULL,
  latency_max INTEGER NOT NULL,
  status_min INTEGER NOT NULL,
  status_max INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, slot)
) STRICT, WITHOUT ROWID;
