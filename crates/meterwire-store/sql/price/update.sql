UPDATE price SET provider = ?, model = ?, from_ms = ?, until_ms = ?, rates = ? WHERE tenant_id = ? AND id = ?
