SELECT 1 FROM event INDEXED BY event_identity WHERE identity = ? LIMIT 1
