-- The name of a key that acts for one user may be that user's.
UPDATE api_key SET "user" = ?1, name = ?1, revoked_ms = coalesce(revoked_ms, ?2) WHERE tenant_id = ?3 AND "user" = ?4
