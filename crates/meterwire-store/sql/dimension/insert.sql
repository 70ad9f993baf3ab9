INSERT INTO dimension (tenant_id, place, name, property, created_ms, filled_seq, fill_to_seq, filled_events, events_to_fill)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
