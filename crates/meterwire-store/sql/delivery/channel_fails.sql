UPDATE delivery SET next_ms = max(next_ms, ?2)
WHERE state = 0 AND attempts > 0 AND (tenant_id, channel_id) = (SELECT tenant_id, channel_id FROM delivery WHERE seq = ?1)
