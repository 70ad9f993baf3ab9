UPDATE delivery SET next_ms = CASE WHEN next_ms < ?2 THEN next_ms ELSE ?2 END
WHERE state = 0 AND attempts > 0
  AND (tenant_id, channel_id) = (SELECT tenant_id, channel_id FROM delivery WHERE seq = ?1)
  AND NOT EXISTS (SELECT 1 FROM alert JOIN alert_snooze s ON s.tenant_id = alert.tenant_id AND s.subject = alert.subject
    WHERE alert.seq = alert_seq AND s.until_ms > ?2)
