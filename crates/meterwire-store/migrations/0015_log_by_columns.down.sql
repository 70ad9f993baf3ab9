CREATE TABLE log_bound (
  tenant_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  seq_min INTEGER NOT NULL,
  seq_max INTEGER NOT NULL,
  cost_min INTEGER NOT NULL,
  cost_max INTEGER NOT NULL,
  input_min INTEGER NOT NULL,
  input_max INTEGER NOT NULL,
  output_min INTEGER NOT NULL,
  output_max INTEGER NOT NULL,
  total_min INTEGER NOT NULL,
  total_max INTEGER NOT NULL,
  latency_min INTEGER NOT NULL,
  latency_max INTEGER NOT NULL,
  status_min INTEGER NOT NULL,
  status_max INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO log_bound
SELECT tenant_id, time_ms / 900000 AS slot,
  min(seq), max(seq),
  min(iif(rating = 3, -9223372036854775808, cost_nanos)), max(iif(rating = 3, -9223372036854775808, cost_nanos)),
  min(input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input), max(input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input),
  min(output_visible + reasoning + audio_output + image_output), max(output_visible + reasoning + audio_output + image_output),
  min(input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input + output_visible + reasoning + audio_output + image_output), max(input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input + output_visible + reasoning + audio_output + image_output),
  min(ifnull(latency_ms, -9223372036854775808)), max(ifnull(latency_ms, -9223372036854775808)),
  min(status), max(status)
FROM event WHERE voided_ms IS NULL GROUP BY tenant_id, slot;
