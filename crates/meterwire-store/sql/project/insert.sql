INSERT INTO project (slug, name, department, team, created_ms, tenant_id) VALUES (?, ?, ?, ?, ?, ?)
