INSERT INTO "user" (id, username, tier, created_ms, tenant_id) VALUES (?, ?, ?, ?, ?)
