SELECT seq FROM event WHERE seq > ?1 AND seq <= ?2 AND tenant_id = ?3 ORDER BY seq LIMIT ?4
