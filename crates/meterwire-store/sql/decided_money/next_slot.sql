SELECT min(slot) FROM decided_money WHERE tenant_id = ? AND slot > ?
