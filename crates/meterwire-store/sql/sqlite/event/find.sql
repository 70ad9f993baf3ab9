SELECT fingerprint, voided_ms IS NOT NULL
FROM event
WHERE seq = ?1 AND tenant_id = ?2 AND source = ?3 AND id = ?4
