UPDATE decided_money SET "user" = ? WHERE tenant_id = ? AND slot = ? AND "user" = ?
