SELECT id, slug, name, timezone, created_ms, retention_days, events_from_ms FROM tenant WHERE slug = ?
