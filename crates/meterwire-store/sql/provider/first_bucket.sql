SELECT kind, day, row_count FROM provider_bucket WHERE tenant_id = ? AND connection_id = ? LIMIT 1
