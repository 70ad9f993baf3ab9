SELECT user, max(day), used FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND (?3 IS NULL OR user = ?3) GROUP BY user
