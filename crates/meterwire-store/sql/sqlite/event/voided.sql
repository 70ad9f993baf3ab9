SELECT voided_ms FROM event WHERE seq = ?
