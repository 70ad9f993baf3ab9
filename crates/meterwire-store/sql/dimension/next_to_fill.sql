-- The one that needs least comes first, so that nobody waits for a tenant with more events.
SELECT tenant_id, place, filled_seq, fill_to_seq
FROM dimension WHERE filled_seq < fill_to_seq ORDER BY fill_to_seq - filled_seq, tenant_id, place LIMIT 1
