SELECT report.id, name, every, department, project, timezone, hour, recipients, formats, enabled, created_ms, report.next_ms,
  report.tenant_id, n, from_ms, to_ms, by_hand, state, attempts, report_delivery.next_ms, made_ms, delivered_ms, last_error
FROM report_delivery
JOIN report ON report.tenant_id = report_delivery.tenant_id AND report.id = report_delivery.report_id
WHERE state = 0 AND report_delivery.next_ms <= ?1 ORDER BY report_delivery.next_ms LIMIT ?2
