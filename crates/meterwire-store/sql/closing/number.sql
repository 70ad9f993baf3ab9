SELECT number FROM closing WHERE tenant_id = ?1 AND id = ?2 AND (sha256 IS NOT NULL) = ?3
