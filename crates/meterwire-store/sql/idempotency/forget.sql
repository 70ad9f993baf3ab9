DELETE FROM idempotency WHERE created_ms < ?
