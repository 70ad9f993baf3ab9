INSERT INTO price (id, provider, model, from_ms, until_ms, rates, created_ms, tenant_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
