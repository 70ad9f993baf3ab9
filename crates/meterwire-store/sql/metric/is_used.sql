SELECT EXISTS (SELECT 1 FROM counter WHERE tenant_id = ?1 AND metric_id = ?2)
  OR EXISTS (SELECT 1 FROM level WHERE tenant_id = ?1 AND metric_id = ?2)
