SELECT id, slug, name, timezone, created_ms FROM tenant WHERE slug > ? ORDER BY slug LIMIT ?
