SELECT name, created_ms, (SELECT count(*) FROM "user" WHERE "user".tenant_id = tier.tenant_id AND "user".tier = tier.name)
FROM tier WHERE tenant_id = ? AND name = ?
