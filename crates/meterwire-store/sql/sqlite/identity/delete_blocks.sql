DELETE FROM identity_block
WHERE key IN (SELECT key FROM identity_block WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?)
