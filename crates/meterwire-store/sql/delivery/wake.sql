UPDATE delivery SET next_ms = CASE WHEN next_ms < ?3 THEN next_ms ELSE ?3 END
WHERE state = 0 AND alert_seq IN (SELECT seq FROM alert WHERE tenant_id = ?1 AND subject = ?2)
