INSERT INTO rerated (event_seq, rerating, cost_nanos, rating, price) VALUES (?, ?, ?, ?, ?)
