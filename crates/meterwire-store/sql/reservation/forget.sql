DELETE FROM reservation WHERE settled_ms < ? AND event_seq IS NULL
