-- A past that adds up to more than can be counted must not keep anybody from upgrading: it stays at the largest number.
INSERT INTO counter (tenant_id, metric_id, day, user, used) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET used =
  CASE WHEN used > 0x7fffffffffffffff - excluded.used THEN 0x7fffffffffffffff ELSE used + excluded.used END
