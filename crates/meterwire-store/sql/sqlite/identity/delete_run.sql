DELETE FROM identity_run WHERE run = ?
