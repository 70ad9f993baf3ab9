SELECT tenant_id, connection_id, kind, min(due_ms) AS since FROM provider_stream
WHERE due_ms <= ? GROUP BY tenant_id ORDER BY since LIMIT ?
