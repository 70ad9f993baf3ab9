INSERT INTO label (tenant_id, kind, value) VALUES (?, ?, ?) RETURNING id
