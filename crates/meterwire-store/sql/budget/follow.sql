UPDATE budget SET amount = ? WHERE number = ?
