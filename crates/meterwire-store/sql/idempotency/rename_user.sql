UPDATE idempotency SET answer = replace(answer, ?1, ?2) WHERE tenant_id = ?3 AND instr(answer, ?1) > 0
