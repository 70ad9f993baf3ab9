DELETE FROM label WHERE tenant_id = ?
