SELECT id, username, tier, created_ms FROM "user" WHERE tenant_id = ? AND id = ?
