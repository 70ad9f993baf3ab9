DELETE FROM report_delivery
WHERE tenant_id = ?1 AND report_id = ?2 AND state <> 0 AND n <= (
  SELECT n FROM report_delivery WHERE tenant_id = ?1 AND report_id = ?2 ORDER BY n DESC LIMIT 1 OFFSET ?3)
