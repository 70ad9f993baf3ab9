SELECT min(seq)
FROM event INDEXED BY event_identity
WHERE identity = ?
GROUP BY tenant_id, source, id
HAVING count(*) > 1
