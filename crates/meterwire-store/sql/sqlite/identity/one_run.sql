SELECT entries, filter_lines FROM identity_run WHERE run = ?
