INSERT INTO tier (tenant_id, name, created_ms) VALUES (?, ?, ?)
