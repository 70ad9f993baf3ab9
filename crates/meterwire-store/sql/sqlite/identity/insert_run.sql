INSERT INTO identity_run (run, state, entries, first_seq, last_seq, filter_lines) VALUES (?, 0, 0, 0, 0, ?)
