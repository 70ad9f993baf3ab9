SELECT event.tenant_id, event.time_ms, event.received_ms, coalesce(label.value, ''), event.metrics
FROM event LEFT JOIN label ON label.id = event.user
WHERE event.voided_ms IS NULL
ORDER BY event.seq
