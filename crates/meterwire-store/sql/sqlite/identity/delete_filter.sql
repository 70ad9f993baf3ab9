DELETE FROM identity_filter
WHERE key IN (SELECT key FROM identity_filter WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?)
