SELECT run FROM identity_run WHERE state = 1 ORDER BY run
