UPDATE budget SET name = ?, amount = ?, period = ?, anchor = ?, days = ?, timezone = ?, scope = ?, hard = ?,
  allow_unpriced = ?, thresholds = ?, channels = ?, follows = ?, counted_from_ms = ?
WHERE number = ?
