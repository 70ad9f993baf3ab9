SELECT EXISTS (SELECT 1 FROM "user" WHERE tenant_id = ? AND tier = ?)
