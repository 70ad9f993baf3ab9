DELETE FROM alert_snooze WHERE until_ms < ?1
