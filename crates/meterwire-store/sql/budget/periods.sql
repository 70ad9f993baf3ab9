SELECT start_ms, spent FROM budget_period WHERE budget = ? AND start_ms >= ? ORDER BY start_ms
