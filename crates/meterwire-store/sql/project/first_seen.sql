INSERT INTO project (tenant_id, slug, name, created_ms) VALUES (?1, ?2, ?2, ?3)
ON CONFLICT DO NOTHING
