DELETE FROM provider_row WHERE tenant_id = ? AND connection_id = ? AND kind = ? AND day = ?
