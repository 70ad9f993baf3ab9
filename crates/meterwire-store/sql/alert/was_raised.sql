SELECT EXISTS (SELECT 1 FROM alert
WHERE tenant_id = ?1 AND (key = ?2 OR key > ?2 || '/' AND key < ?2 || '0'))
