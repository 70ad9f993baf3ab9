INSERT INTO "user" (tenant_id, id, username, tier, created_ms) VALUES (?1, ?2, ?2, 'free', ?3)
ON CONFLICT DO NOTHING
