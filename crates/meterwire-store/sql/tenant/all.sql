SELECT id, created_ms FROM tenant ORDER BY id
