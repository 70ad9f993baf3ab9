SELECT coalesce(sum(row_count), 0) FROM provider_bucket WHERE tenant_id = ? AND connection_id = ?
