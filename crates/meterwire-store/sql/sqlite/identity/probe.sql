SELECT entries FROM identity_block WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1
