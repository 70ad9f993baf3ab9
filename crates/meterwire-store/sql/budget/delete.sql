DELETE FROM budget WHERE tenant_id = ? AND id = ?
