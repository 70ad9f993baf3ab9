INSERT INTO metric (tenant_id, name, description, unit, "window", timezone, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
RETURNING id
