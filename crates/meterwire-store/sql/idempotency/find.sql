SELECT request, answer FROM idempotency WHERE tenant_id = ? AND key = ? AND created_ms > ?
