-- Columns lie in tables of rows now. In a table without rows each look at a key reads the whole key, to which SQLite counts the
-- column, and a search looks at many: finding one column read a dozen others. Columns hold numbers and no text, so what they leave
-- behind need not be overwritten; that would take as much memory as they are large.
PRAGMA secure_delete = OFF;
CREATE TABLE rollup_user_packed_new (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  users INTEGER NOT NULL, -- how many numbers each part has
  data BLOB NOT NULL,
  PRIMARY KEY (tenant_id, part, slot)
) STRICT;
INSERT INTO rollup_user_packed_new SELECT * FROM rollup_user_packed;
DROP TABLE rollup_user_packed;
ALTER TABLE rollup_user_packed_new RENAME TO rollup_user_packed;

CREATE TABLE segment_new (
  tenant_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  events INTEGER NOT NULL, -- how many rows each part has
  first_seq INTEGER NOT NULL, -- the smallest and largest seq of its events
  last_seq INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (tenant_id, part, start_ms)
) STRICT;
INSERT INTO segment_new SELECT * FROM segment;
DROP TABLE segment;
ALTER TABLE segment_new RENAME TO segment;
PRAGMA secure_delete = ON;
