DELETE FROM closing WHERE tenant_id = ?1 AND sha256 IS NULL AND (?2 IS NULL OR id = ?2)
