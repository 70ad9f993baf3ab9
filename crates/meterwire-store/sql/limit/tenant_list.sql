SELECT name, tenant_limit FROM metric WHERE tenant_id = ? AND tenant_limit IS NOT NULL
