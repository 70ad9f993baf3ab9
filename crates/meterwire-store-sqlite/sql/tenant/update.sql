UPDATE tenant SET name = ?, timezone = ? WHERE id = ? RETURNING id, slug, name, timezone, created_ms
