SELECT seq, id, key, kind, severity, title, detail, raised_ms,
  (SELECT until_ms FROM alert_snooze s WHERE s.tenant_id = alert.tenant_id AND s.subject = alert.subject)
FROM alert
WHERE tenant_id = ?1 AND seq < ?2
  AND (CAST(?3 AS TEXT) IS NULL OR kind = ?3)
  AND (CAST(?4 AS TEXT) IS NULL OR severity = ?4)
  AND (CAST(?5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM delivery WHERE alert_seq = alert.seq AND state = ?5))
  AND (CAST(?6 AS BIGINT) IS NULL OR raised_ms >= ?6)
  AND (CAST(?7 AS BIGINT) IS NULL OR raised_ms < ?7)
ORDER BY seq DESC LIMIT ?8
