SELECT seq, id, key, kind, severity, title, detail, raised_ms,
  (SELECT until_ms FROM alert_snooze s WHERE s.tenant_id = alert.tenant_id AND s.subject = alert.subject)
FROM alert
WHERE tenant_id = ?1 AND seq < ?2
  AND (?3 IS NULL OR kind = ?3)
  AND (?4 IS NULL OR severity = ?4)
  AND (?5 IS NULL OR EXISTS (SELECT 1 FROM delivery WHERE alert_seq = alert.seq AND state = ?5))
  AND (?6 IS NULL OR raised_ms >= ?6)
  AND (?7 IS NULL OR raised_ms < ?7)
ORDER BY seq DESC LIMIT ?8
