DELETE FROM dimension WHERE tenant_id = ? AND place = ?
