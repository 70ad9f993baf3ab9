SELECT seq, alert_seq, channel_name, channel_type, attempts, next_ms, last_error, last_try_ms
FROM delivery INDEXED BY delivery_channel
WHERE state = 0 AND tenant_id = ?1 AND channel_id = ?2 AND next_ms <= ?3 ORDER BY next_ms, seq LIMIT 1
