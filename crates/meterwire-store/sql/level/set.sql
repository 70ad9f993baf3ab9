-- A clock that was set back must not hide the change behind a later day.
INSERT INTO level (tenant_id, metric_id, "user", day, used)
VALUES (?1, ?2, ?3,
  (SELECT CASE WHEN max(day) > ?4 THEN max(day) ELSE ?4 END FROM level WHERE tenant_id = ?1 AND metric_id = ?2 AND "user" = ?3),
  ?5)
ON CONFLICT (tenant_id, metric_id, "user", day) DO UPDATE SET used = excluded.used
