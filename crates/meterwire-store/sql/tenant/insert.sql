INSERT INTO tenant (slug, name, timezone, created_ms) VALUES (?, ?, ?, ?) RETURNING id
