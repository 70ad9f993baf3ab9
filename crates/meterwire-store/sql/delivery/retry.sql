UPDATE delivery SET state = 0, attempts = 0, next_ms = ?2
WHERE alert_seq = ?1 AND state <> 1 AND EXISTS
  (SELECT 1 FROM channel WHERE channel.tenant_id = delivery.tenant_id AND channel.id = delivery.channel_id AND enabled = 1)
