UPDATE delivery SET next_ms = max(?3, iif(next_ms =
  (SELECT until_ms FROM alert_snooze WHERE tenant_id = ?1 AND subject = ?2), 0, next_ms))
WHERE state = 0 AND alert_seq IN (SELECT seq FROM alert WHERE tenant_id = ?1 AND subject = ?2)
