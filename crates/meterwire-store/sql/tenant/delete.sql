DELETE FROM tenant WHERE id = ?
