INSERT INTO setting (name, value) VALUES ('probe', '0')
ON CONFLICT (name) DO UPDATE SET value = CASE setting.value WHEN '0' THEN '1' ELSE '0' END
