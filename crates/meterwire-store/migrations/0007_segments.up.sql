-- Segments: the events of a stretch of time of a tenant, column by column, so that a question that no rollup fits reads a
-- few bytes an event. `start_ms` and `end_ms` bound it, the segments of a tenant never overlap, `part` is the column
-- (segment/mod.rs), `data` packed numbers (segment/codec.rs). A part that is not there holds nothing but zeros.
CREATE TABLE segment (
  tenant_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  events INTEGER NOT NULL, -- how many rows each part has
  first_seq INTEGER NOT NULL, -- the smallest and largest seq of its events
  last_seq INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (tenant_id, part, start_ms)
) STRICT, WITHOUT ROWID;

-- Events that were recorded after the segment of their time was made. `start_ms` is the segment's.
CREATE TABLE segment_late (
  tenant_id INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, start_ms, seq)
) STRICT, WITHOUT ROWID;
