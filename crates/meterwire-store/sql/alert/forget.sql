DELETE FROM alert WHERE seq IN (SELECT seq FROM alert WHERE raised_ms < ?1 ORDER BY raised_ms LIMIT ?2)
