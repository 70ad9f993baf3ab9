UPDATE project SET name = ?, department = ?, team = ? WHERE tenant_id = ? AND slug = ?
