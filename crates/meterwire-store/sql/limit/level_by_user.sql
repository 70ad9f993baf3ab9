-- Like window_by_user.sql, for a level: the newest row of each user. Steps from user to user, so that a long past costs
-- nothing.
WITH RECURSIVE known ("user") AS (
  SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" > ''
  UNION ALL
  SELECT (SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" > known."user")
  FROM known WHERE known."user" IS NOT NULL
)
SELECT known."user" AS "user", (
    SELECT used FROM level
    WHERE tenant_id = ?1 AND metric_id = ?2 AND level."user" = known."user"
    ORDER BY day DESC LIMIT 1
  ) AS used, 0 AS held
FROM known
WHERE known."user" IS NOT NULL
UNION ALL
SELECT "user", 0, amount
FROM reservation
WHERE status = 'held' AND tenant_id = ?1 AND metric_id = ?2 AND first_day = 0 AND expires_ms > ?3 AND "user" > ''
ORDER BY "user"
