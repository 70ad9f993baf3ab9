DELETE FROM event WHERE seq = ?
