UPDATE tenant SET events_from_ms = ?1 WHERE id = ?2 AND (events_from_ms IS NULL OR events_from_ms < ?1)
