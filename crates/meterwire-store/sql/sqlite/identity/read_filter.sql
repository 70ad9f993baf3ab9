SELECT lines FROM identity_filter WHERE key BETWEEN ? AND ? ORDER BY key
