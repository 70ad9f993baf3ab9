-- The list is JSON; an id of ours is written in it as it is, between quotes.
INSERT INTO delivery (alert_seq, tenant_id, channel_id, channel_name, channel_type, state, attempts, next_ms)
SELECT ?1, tenant_id, id, name, type, 0, 0, ?2 FROM channel
WHERE tenant_id = ?3 AND enabled = 1 AND (?4 = '[]' OR replace(?4, '"' || id || '"', '') <> ?4)
