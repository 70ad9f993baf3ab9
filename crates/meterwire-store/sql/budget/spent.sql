SELECT spent FROM budget_period WHERE budget = ? AND start_ms = ?
