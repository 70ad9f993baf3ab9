DELETE FROM provider_bucket WHERE tenant_id = ? AND connection_id = ? AND kind = ? AND day = ?
