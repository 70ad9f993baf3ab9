SELECT
  time_ms, received_ms, source, id,
  provider, model, project, user, api_key, agent, department, country, operation, service_tier,
  status, latency_ms, time_to_first_token_ms,
  input_uncached, cache_read, cache_write_short, cache_write_long, audio_input, image_input,
  output_visible, reasoning, audio_output, image_output,
  cost_nanos, rating, price, fingerprint, request_hash, metrics, properties
FROM event
WHERE seq = ?
