UPDATE budget SET scope = json_set(scope, '$.user', ?1), name = CASE WHEN name = ?3 THEN ?1 ELSE name END
WHERE tenant_id = ?2 AND json_extract(scope, '$.user') = ?3
