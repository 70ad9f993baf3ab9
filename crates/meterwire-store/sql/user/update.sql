UPDATE "user" SET username = ?, tier = ? WHERE tenant_id = ? AND id = ?
