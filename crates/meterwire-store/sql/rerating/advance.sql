UPDATE rerating SET after_ms = ?2, after_seq = ?3, is_over = ?4, events = events + ?5, changed = changed + ?6,
  cost_change = cost_change + ?7, unpriced_change = unpriced_change + ?8
WHERE number = ?1
