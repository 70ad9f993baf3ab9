SELECT EXISTS (SELECT 1 FROM tier_limit WHERE metric_id = ?1)
  OR EXISTS (SELECT 1 FROM user_limit WHERE metric_id = ?1 AND amount IS NOT NULL)
