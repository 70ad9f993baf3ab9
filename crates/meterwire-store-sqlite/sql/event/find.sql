SELECT seq, fingerprint, voided_ms IS NOT NULL
FROM event INDEXED BY event_identity
WHERE identity = ?1 AND tenant_id = ?2 AND source = ?3 AND id = ?4
LIMIT 1
