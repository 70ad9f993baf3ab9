UPDATE identity_run SET state = 2 WHERE run = ?
