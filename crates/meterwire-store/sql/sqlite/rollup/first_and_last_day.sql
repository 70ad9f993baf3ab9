SELECT min(slot), max(slot) FROM rollup_total WHERE tenant_id = ? AND width = 96
