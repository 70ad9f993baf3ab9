DELETE FROM alert_snooze WHERE tenant_id = ?1 AND subject = ?2
