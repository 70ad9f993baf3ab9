UPDATE counter SET "user" = ? WHERE tenant_id = ? AND metric_id = ? AND day = ? AND "user" = ?
