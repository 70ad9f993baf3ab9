DELETE FROM tier WHERE tenant_id = ? AND name = ?
