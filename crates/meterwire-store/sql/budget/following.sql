SELECT * FROM budget_in_zone WHERE follows = 1 AND amount <> ? ORDER BY number
