SELECT seq, id, key, kind, severity, title, detail, raised_ms,
  (SELECT until_ms FROM alert_snooze s WHERE s.tenant_id = alert.tenant_id AND s.subject = alert.subject)
FROM alert WHERE tenant_id = ?1 AND id = ?2
