DELETE FROM tier_limit WHERE tenant_id = ? AND tier = ? AND metric_id = ?
