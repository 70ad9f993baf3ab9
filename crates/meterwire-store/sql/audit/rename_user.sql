-- A reset names the metric behind the user.
UPDATE audit SET
  target = CASE
    WHEN action NOT LIKE 'user.%' AND action <> 'limits.reset' THEN target
    WHEN target = ?1 THEN ?2
    WHEN action = 'limits.reset' AND substr(target, 1, length(?1) + 2) = ?1 || ': ' THEN ?2 || substr(target, length(?1) + 1)
    ELSE target
  END,
  actor = CASE WHEN actor = 'jwt:' || ?1 THEN 'jwt:' || ?2 ELSE actor END
WHERE tenant_id = ?3
  AND (actor = 'jwt:' || ?1 OR target = ?1 OR (action = 'limits.reset' AND substr(target, 1, length(?1) + 2) = ?1 || ': '))
