SELECT alert.seq, alert.id, key, kind, severity, title, detail, raised_ms, NULL, tenant.slug
FROM alert JOIN tenant ON tenant.id = alert.tenant_id WHERE alert.seq = ?1
