SELECT used FROM level WHERE tenant_id = ? AND metric_id = ? AND "user" = ? ORDER BY day DESC LIMIT 1
