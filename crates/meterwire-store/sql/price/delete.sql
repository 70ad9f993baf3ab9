DELETE FROM price WHERE tenant_id = ? AND id = ?
