UPDATE event SET voided_ms = ? WHERE seq = ?
