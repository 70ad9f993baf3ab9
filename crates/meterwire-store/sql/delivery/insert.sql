INSERT INTO delivery (alert_seq, tenant_id, channel_id, channel_name, channel_type, state, attempts, next_ms)
SELECT ?1, tenant_id, id, name, type, 0, 0, ?2 FROM channel
WHERE tenant_id = ?3 AND enabled = 1 AND (?4 = '[]' OR id IN (SELECT value FROM json_each(?4)))
