SELECT seq, channel_id, channel_name, channel_type, state, attempts, next_ms, last_error, last_try_ms, delivered_ms
FROM delivery WHERE alert_seq = ?1 ORDER BY seq
