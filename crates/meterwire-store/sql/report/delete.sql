DELETE FROM report WHERE tenant_id = ? AND id = ?
