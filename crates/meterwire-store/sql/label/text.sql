SELECT value FROM label WHERE id = ?
