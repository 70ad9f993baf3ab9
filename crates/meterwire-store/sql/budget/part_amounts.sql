SELECT amount FROM budget WHERE tenant_id = ? AND parent = ? AND id <> ?
