SELECT tenant_id, channel_id FROM delivery INDEXED BY delivery_channel
WHERE state = 0 AND (tenant_id, channel_id) > (?1, ?2) ORDER BY tenant_id, channel_id LIMIT 1
