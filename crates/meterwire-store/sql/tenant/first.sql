SELECT id, slug, name, timezone, created_ms, retention_days, events_from_ms FROM tenant ORDER BY id LIMIT 1
