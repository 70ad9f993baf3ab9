SELECT used - forgiven FROM counter WHERE tenant_id = ? AND metric_id = ? AND day BETWEEN ? AND ?
