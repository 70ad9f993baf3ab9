INSERT INTO alert_rule (tenant_id, kind, enabled, params, channels) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (tenant_id, kind) DO UPDATE SET enabled = excluded.enabled, params = excluded.params, channels = excluded.channels
