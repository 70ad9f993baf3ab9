-- What each user used and holds, one user's rows behind one another. They are added up by the reader: SQLite's own sum
-- would fail beyond 64 bits.
SELECT "user", used - forgiven AS used, 0 AS held
FROM counter
WHERE tenant_id = ?1 AND metric_id = ?2 AND day BETWEEN ?3 AND ?4 AND "user" > ''
UNION ALL
SELECT "user", 0, amount
FROM reservation
WHERE status = 'held' AND tenant_id = ?1 AND metric_id = ?2 AND first_day = ?3 AND expires_ms > ?5 AND "user" > ''
ORDER BY "user"
