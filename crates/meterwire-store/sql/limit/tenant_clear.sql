UPDATE metric SET tenant_limit = NULL WHERE tenant_id = ? AND tenant_limit IS NOT NULL
