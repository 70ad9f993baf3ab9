-- Steps from user to user, so that a long past costs nothing.
WITH RECURSIVE known ("user") AS (
  SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" > ''
  UNION ALL
  SELECT (SELECT min("user") FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" > known."user")
  FROM known WHERE known."user" IS NOT NULL
)
SELECT "user", amount
FROM (
  SELECT known."user" AS "user", (
      SELECT used FROM level
      WHERE tenant_id = ?1 AND metric_id = ?2 AND level."user" = known."user" AND day <= ?3
      ORDER BY day DESC LIMIT 1
    ) AS amount
  FROM known
  WHERE known."user" IS NOT NULL
) AS present
WHERE amount > 0
ORDER BY amount DESC, "user" LIMIT ?4
