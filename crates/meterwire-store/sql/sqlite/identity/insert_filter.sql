INSERT INTO identity_filter (key, lines) VALUES (?, ?)
