SELECT seq, identity FROM event WHERE seq > ? ORDER BY seq
