INSERT INTO session (hash, key_id, expires_ms) VALUES (?, ?, ?)
