SELECT enabled, params, channels FROM alert_rule WHERE tenant_id = ?1 AND kind = ?2
