DELETE FROM metric WHERE id = ?
