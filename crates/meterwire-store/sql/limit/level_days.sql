-- Of each user the levels of these days and the last one before them.
WITH RECURSIVE known ("user") AS (
  SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2
  UNION ALL
  SELECT (SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" > known."user")
  FROM known WHERE known."user" IS NOT NULL
)
SELECT known."user", level.day, level.used
FROM known
CROSS JOIN level ON level.tenant_id = ?1 AND level.metric_id = ?2 AND level."user" = known."user"
WHERE known."user" IS NOT NULL
  AND level.day <= ?4
  AND level.day >= coalesce((
    SELECT max(earlier.day) FROM level AS earlier
    WHERE earlier.tenant_id = ?1 AND earlier.metric_id = ?2 AND earlier."user" = known."user" AND earlier.day < ?3
  ), ?3)
ORDER BY known."user", level.day
