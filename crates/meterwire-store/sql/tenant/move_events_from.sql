UPDATE tenant SET events_from_ms = ?1 WHERE id = ?2 AND ifnull(events_from_ms < ?1, TRUE)
