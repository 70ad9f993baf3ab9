UPDATE level SET "user" = ? WHERE tenant_id = ? AND metric_id = ? AND "user" = ?
