-- The second condition says the same as the first; PostgreSQL has an index for it.
SELECT seq, at_ms, actor, action, target
FROM audit
WHERE tenant_id IS NOT DISTINCT FROM ?1 AND coalesce(tenant_id, 0) = coalesce(?1, 0) AND seq < ?2
ORDER BY seq DESC LIMIT ?3
