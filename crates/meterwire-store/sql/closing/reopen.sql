DELETE FROM closing WHERE tenant_id = ? AND id = ? AND sha256 IS NOT NULL
