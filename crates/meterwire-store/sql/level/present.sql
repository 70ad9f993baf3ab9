SELECT "user", day, used FROM level
WHERE tenant_id = ?1 AND metric_id = ?2 AND (CAST(?3 AS TEXT) IS NULL OR "user" = ?3)
  AND day = (
    SELECT max(newest.day) FROM level AS newest
    WHERE newest.tenant_id = ?1 AND newest.metric_id = ?2 AND newest."user" = level."user"
  )
