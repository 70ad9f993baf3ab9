DROP VIEW usage_limits;
DROP VIEW daily_usage;
DROP VIEW users;
DROP VIEW sql_tenant;
