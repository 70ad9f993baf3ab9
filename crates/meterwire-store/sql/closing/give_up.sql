DELETE FROM closing WHERE tenant_id = ?1 AND sha256 IS NULL AND (CAST(?2 AS TEXT) IS NULL OR id = ?2)
