SELECT run, state, entries, first_seq, last_seq, filter_lines FROM identity_run ORDER BY run
