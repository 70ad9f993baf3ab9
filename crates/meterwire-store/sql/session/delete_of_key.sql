DELETE FROM session WHERE key_id = ?
