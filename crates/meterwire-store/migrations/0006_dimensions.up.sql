-- Properties of events that a tenant declares as dimensions, and how long its single events are kept.

-- `place` is 0 to 7: the event's column property_1 to property_8. Events up to `fill_to_seq` were recorded before the
-- declaration; those up to `filled_seq` are counted by now.
CREATE TABLE dimension (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 7),
  name TEXT NOT NULL,
  property TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  filled_seq INTEGER NOT NULL,
  fill_to_seq INTEGER NOT NULL,
  filled_events INTEGER NOT NULL, -- progress, for people
  events_to_fill INTEGER NOT NULL,
  events_from_ms INTEGER, -- older events had been dropped when it was filled, so it knows nothing of them
  PRIMARY KEY (tenant_id, place),
  UNIQUE (tenant_id, name)
) STRICT, WITHOUT ROWID;

-- NULL: for ever. Events before `events_from_ms` are kept only as totals; NULL: none were dropped.
ALTER TABLE tenant ADD COLUMN retention_days INTEGER;
ALTER TABLE tenant ADD COLUMN events_from_ms INTEGER;

-- What is old and voided is found by this; the other index does not hold it.
CREATE INDEX event_voided ON event (tenant_id, time_ms) WHERE voided_ms IS NOT NULL;

-- Users whose identity is being removed: their single events up to `to_seq` lose what else could tell who it was; those up
-- to `done_seq` have by now. `user` is the number of the label, whose text is the pseudonym already.
CREATE TABLE erasure (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  user INTEGER NOT NULL,
  pseudonym TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, user)
) STRICT, WITHOUT ROWID;

-- Numbers of labels, 0 where absent or not declared.
ALTER TABLE event ADD COLUMN property_1 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_2 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_3 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_4 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_5 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_6 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_7 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN property_8 INTEGER NOT NULL DEFAULT 0;

CREATE TABLE rollup_property_1 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_1 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_1)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_2 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_2 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_2)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_3 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_3 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_3)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_4 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_4 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_4)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_5 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_5 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_5)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_6 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_6 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_6)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_7 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_7 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_7)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_property_8 (
  tenant_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  property_8 INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (tenant_id, width, slot, property_8)
) STRICT, WITHOUT ROWID;
