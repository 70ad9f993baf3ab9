SELECT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_open WHERE state = 0 AND next_ms <= ?1)
