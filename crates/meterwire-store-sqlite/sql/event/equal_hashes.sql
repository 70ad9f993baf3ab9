SELECT identity FROM event INDEXED BY event_identity GROUP BY identity HAVING count(*) > 1
