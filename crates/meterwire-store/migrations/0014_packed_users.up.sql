-- The rollup of users by day once more, column by column: a question about all users reads a few bytes a user and day
-- instead of a row. `slot` is the day as in rollup_user, `part` the column (packed_users.rs), `data` packed numbers
-- (segment/codec.rs). A part that is not there holds nothing but zeros. Whatever changes a row of a day takes all parts of
-- the day away; they are made again in the background.
CREATE TABLE rollup_user_packed (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  users INTEGER NOT NULL, -- how many numbers each part has
  data BLOB NOT NULL,
  PRIMARY KEY (tenant_id, part, slot)
) STRICT, WITHOUT ROWID;

-- Which packing of a stretch of time is there now, so that its columns can be remembered in memory: a number is never
-- given out twice. `kind` 0: a segment; 1: a day of packed users.
CREATE TABLE packed_version (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  UNIQUE (tenant_id, kind, start_ms)
) STRICT;
INSERT INTO packed_version (tenant_id, kind, start_ms)
SELECT segment.tenant_id, 0, segment.start_ms FROM tenant CROSS JOIN segment ON segment.tenant_id = tenant.id AND segment.part = 1;
