SELECT coalesce(max(n), 0) FROM closing_change WHERE closing = ?
