UPDATE event SET properties = NULL, request_hash = NULL
WHERE seq = ? AND (properties IS NOT NULL OR request_hash IS NOT NULL)
