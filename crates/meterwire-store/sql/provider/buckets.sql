SELECT kind, day, read_ms, revised_ms, revisions
FROM provider_bucket WHERE tenant_id = ? AND connection_id = ? AND day >= ? AND day < ? ORDER BY kind, day
