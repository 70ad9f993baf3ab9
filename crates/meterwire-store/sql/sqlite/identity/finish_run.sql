UPDATE identity_run SET state = 1, entries = ?, first_seq = ?, last_seq = ? WHERE run = ?
