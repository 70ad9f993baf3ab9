DELETE FROM closing_change WHERE n <= ?2 AND closing = (SELECT number FROM closing WHERE id = ?1)
