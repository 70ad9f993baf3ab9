DELETE FROM budget_amount WHERE budget = ?1 AND until_ms <= (
  SELECT until_ms FROM budget_amount WHERE budget = ?1 ORDER BY until_ms DESC LIMIT 1 OFFSET ?2)
