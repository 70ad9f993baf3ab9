SELECT id, slug, name, timezone, created_ms FROM tenant WHERE id = ?
