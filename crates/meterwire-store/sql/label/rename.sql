UPDATE label SET value = ? WHERE id = ?
