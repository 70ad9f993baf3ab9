SELECT min(seq) FROM event
