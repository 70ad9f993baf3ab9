-- Voided events count: they are kept. The index holds the others, so only a tenant of voided events alone is searched for.
SELECT
  EXISTS (SELECT 1 FROM event INDEXED BY event_time WHERE tenant_id = ?1 AND voided_ms IS NULL)
  OR EXISTS (SELECT 1 FROM event WHERE tenant_id = ?1)
