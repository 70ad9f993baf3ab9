UPDATE idempotency SET answer = replace(answer, ?1, ?2) WHERE tenant_id = ?3 AND replace(answer, ?1, ?2) <> answer
