-- Nothing of the key: the one empty value of bytes that both engines write alike.
UPDATE provider_connection SET is_leaving = 1, sealed_key = substr(sealed_key, 1, 0)
WHERE tenant_id = ? AND id = ? AND is_leaving = 0
