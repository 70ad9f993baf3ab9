-- Which events are there: runs of (hash of the identity, seq), sorted by hash, instead of an index whose every new entry
-- touches another page. All of it is made from `event`, in the order of `seq`; see identity/mod.rs.

CREATE TABLE identity_run (
  run INTEGER PRIMARY KEY, -- 1 to 1,048,575
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2), -- growing, whole, leaving: only whole ones are asked
  entries INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  filter_lines INTEGER NOT NULL
) STRICT;

-- Entries of a run, about a page each. The upper 20 bits of the key are the run, the lower 43 the first of its first hash.
CREATE TABLE identity_block (
  key INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

-- Parts of the filters of whole runs. The upper 20 bits of the key are the run, the lower 43 the number of the part.
CREATE TABLE identity_filter (
  key INTEGER PRIMARY KEY,
  lines BLOB NOT NULL
) STRICT;

-- Events up to this seq are in whole runs. `reused` says that numbers of removed events were given out again, so that
-- an entry may name an event it is not of.
CREATE TABLE identity_mark (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  sealed_seq INTEGER NOT NULL,
  reused INTEGER NOT NULL CHECK (reused BETWEEN 0 AND 1)
) STRICT;

INSERT INTO identity_mark (only_row, sealed_seq, reused) VALUES (1, 0, 0);

DROP INDEX event_identity;
