UPDATE delivery SET next_ms = min(next_ms, ?3)
WHERE state = 0 AND alert_seq IN (SELECT seq FROM alert WHERE tenant_id = ?1 AND subject = ?2)
