SELECT used - forgiven FROM counter WHERE tenant_id = ? AND metric_id = ? AND day = ? AND "user" = ?
