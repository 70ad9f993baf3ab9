SELECT count(*) FROM closing WHERE tenant_id = ?
