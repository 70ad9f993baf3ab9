INSERT INTO rerating (tenant_id, id, begun_by, begun_ms, from_ms, to_ms, provider, model, only_unpriced, last_seq, state, expected, prices)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12)
