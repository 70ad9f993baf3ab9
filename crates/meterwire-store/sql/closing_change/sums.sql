SELECT time_ms, provider, model, project, department, sums FROM closing_change WHERE closing = ?
