UPDATE counter SET forgiven = used
WHERE tenant_id = ?1 AND metric_id = ?2 AND day BETWEEN ?3 AND ?4 AND (CAST(?5 AS TEXT) IS NULL OR "user" = ?5) AND used <> forgiven
