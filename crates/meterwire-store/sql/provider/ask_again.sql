UPDATE provider_stream SET due_ms = CASE WHEN due_ms < ?1 THEN due_ms ELSE ?1 END
WHERE tenant_id = ?2 AND connection_id = ?3 AND coalesce(failure_code, '') <> 'rate_limited'
  AND (failure_code IS NOT NULL OR last_success_ms IS NULL OR last_success_ms <= ?4)
