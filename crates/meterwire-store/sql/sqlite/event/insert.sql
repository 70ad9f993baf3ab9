INSERT INTO event (
  tenant_id, time_ms, received_ms, identity, source, id,
  provider, model, project, user, api_key, agent, department, country, operation, service_tier,
  status, latency_ms, time_to_first_token_ms,
  input_uncached, cache_read, cache_write_short, cache_write_long, audio_input, image_input,
  output_visible, reasoning, audio_output, image_output,
  cost_nanos, rating, price, fingerprint, request_hash, metrics, properties,
  property_1, property_2, property_3, property_4, property_5, property_6, property_7, property_8
) VALUES (
  ?, ?, ?, ?, ?, ?,
  ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?, ?, ?,
  ?, ?, ?, ?, ?, ?,
  ?, ?, ?, ?,
  ?, ?, ?, ?, ?, ?, ?,
  ?, ?, ?, ?, ?, ?, ?, ?
)
