SELECT EXISTS (SELECT 1 FROM tier WHERE tenant_id = ? AND name = ?)
