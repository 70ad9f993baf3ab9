SELECT min(day) FROM counter WHERE tenant_id = ? AND metric_id = ? AND day > ?
