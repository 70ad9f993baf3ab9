UPDATE tenant SET name = ?, timezone = ? WHERE id = ?
RETURNING id, slug, name, timezone, created_ms, retention_days, events_from_ms
