SELECT tier FROM "user" WHERE tenant_id = ? AND id = ?
