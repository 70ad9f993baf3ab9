-- Those that were committed with an event are renamed with it.
UPDATE reservation SET "user" = ?1
WHERE settled_ms IS NOT NULL AND event_seq IS NULL AND tenant_id = ?2 AND "user" = ?3
