INSERT INTO identity_block (key, entries) VALUES (?, ?)
