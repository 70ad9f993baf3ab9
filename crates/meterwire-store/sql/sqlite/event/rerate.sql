UPDATE event SET cost_nanos = ?2, rating = ?3, price = ?4 WHERE seq = ?1
