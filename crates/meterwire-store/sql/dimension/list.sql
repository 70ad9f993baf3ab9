SELECT place, name, property, created_ms, filled_seq, fill_to_seq, filled_events, events_to_fill, events_from_ms
FROM dimension WHERE tenant_id = ? ORDER BY name
