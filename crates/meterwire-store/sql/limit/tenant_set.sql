UPDATE metric SET tenant_limit = ? WHERE id = ?
