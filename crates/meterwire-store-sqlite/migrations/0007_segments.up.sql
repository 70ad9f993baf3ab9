-- Segments: the events of an hour or a UTC day of a tenant, column by column, so that a question that no rollup fits reads
-- a few bytes an event. `slot` and `width` are its start and length in quarters of an hour, `part` the column
-- (segment/mod.rs), `data` packed numbers (segment/codec.rs). A part that is not there holds nothing but zeros.
CREATE TABLE segment (
  tenant_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  width INTEGER NOT NULL,
  events INTEGER NOT NULL, -- how many rows each part has
  data BLOB NOT NULL,
  PRIMARY KEY (tenant_id, part, slot)
) STRICT, WITHOUT ROWID;

-- Events that were recorded after the segment of their time was made. `slot` is the segment's.
CREATE TABLE segment_late (
  tenant_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, slot, seq)
) STRICT, WITHOUT ROWID;
