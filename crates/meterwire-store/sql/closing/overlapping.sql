SELECT name, timezone FROM closing
WHERE tenant_id = ?1 AND sha256 IS NOT NULL AND from_ms < ?3 AND to_ms > ?2 ORDER BY from_ms LIMIT 1
