UPDATE metric SET description = ?, unit = ?, "window" = ?, timezone = ? WHERE id = ?
