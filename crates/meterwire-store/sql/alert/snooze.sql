INSERT INTO alert_snooze (tenant_id, subject, until_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (tenant_id, subject) DO UPDATE SET until_ms = excluded.until_ms
