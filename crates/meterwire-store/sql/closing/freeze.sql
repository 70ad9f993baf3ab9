UPDATE closing
SET calls = ?3, unpriced_calls = ?4, cost_nanos = ?5, bytes = ?6, sha256 = ?7, statement = ?8
WHERE tenant_id = ?1 AND id = ?2 AND sha256 IS NULL
