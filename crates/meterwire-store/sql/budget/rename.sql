UPDATE budget SET scope = ?, name = ? WHERE number = ?
