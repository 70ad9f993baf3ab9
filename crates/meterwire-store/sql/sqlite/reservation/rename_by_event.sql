UPDATE reservation SET user = ? WHERE event_seq = ?
