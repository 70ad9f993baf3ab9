SELECT key, entries FROM identity_block WHERE key BETWEEN ? AND ? ORDER BY key LIMIT 1
