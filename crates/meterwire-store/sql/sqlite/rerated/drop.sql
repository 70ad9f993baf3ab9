DELETE FROM rerated WHERE event_seq = ?
