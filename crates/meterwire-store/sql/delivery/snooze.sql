-- What waits for the end of the snooze before is not held up by it any more.
UPDATE delivery SET next_ms = CASE
  WHEN next_ms > ?3 AND NOT EXISTS (
    SELECT 1 FROM alert_snooze AS earlier
    WHERE earlier.tenant_id = ?1 AND earlier.subject = ?2 AND earlier.until_ms = delivery.next_ms
  ) THEN next_ms
  ELSE ?3
END
WHERE state = 0 AND alert_seq IN (SELECT seq FROM alert WHERE tenant_id = ?1 AND subject = ?2)
