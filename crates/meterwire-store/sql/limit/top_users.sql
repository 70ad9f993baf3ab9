SELECT "user", used - forgiven AS amount
FROM counter
WHERE tenant_id = ?1 AND metric_id = ?2 AND day = ?3 AND "user" > '' AND used > forgiven
ORDER BY amount DESC, "user" LIMIT ?4
