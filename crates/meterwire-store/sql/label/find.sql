SELECT id FROM label WHERE tenant_id = ? AND kind = ? AND value = ?
