-- Of each tenant the stream that has been due for longest.
SELECT tenant_id, connection_id, kind, due_ms AS since FROM provider_stream
WHERE due_ms <= ? AND NOT EXISTS (
  SELECT 1 FROM provider_stream AS sooner
  WHERE sooner.tenant_id = provider_stream.tenant_id
    AND (sooner.due_ms, sooner.connection_id, sooner.kind)
      < (provider_stream.due_ms, provider_stream.connection_id, provider_stream.kind)
)
ORDER BY since LIMIT ?
