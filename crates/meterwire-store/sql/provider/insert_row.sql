INSERT INTO provider_row
  (tenant_id, connection_id, kind, day, number, project, api_key, model, service_tier, detail, requests, tokens, quantity,
   cost_nanos)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
