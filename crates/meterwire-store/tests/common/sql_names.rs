//! What people ask with the program of their database: the documented statements, as they are written.

pub(crate) const USAGE_OF_USER: &str = "SELECT * FROM daily_usage
WHERE user_id = '<uuid>'
AND date = CURRENT_DATE;";

pub(crate) const TIER_OF_USER: &str = "SELECT username, tier FROM users
WHERE id = '<uuid>';";

pub(crate) const LIMITS_OF_TIERS: &str = "SELECT * FROM usage_limits;";

pub(crate) const UPDATE_TIER: &str = "UPDATE users
SET tier = 'pro'
WHERE id = '<uuid>';";

pub(crate) const TOP_USERS: &str = "SELECT u.username, du.deployments_created, du.api_calls
FROM daily_usage du
JOIN users u ON du.user_id = u.id
WHERE du.date = CURRENT_DATE
ORDER BY du.api_calls DESC
LIMIT 10;";

pub(crate) const NEAR_LIMITS: &str = "SELECT u.username, u.tier,
       du.deployments_created, ul.max_deployments_per_day,
       du.api_calls, ul.max_api_calls_per_day
FROM daily_usage du
JOIN users u ON du.user_id = u.id
JOIN usage_limits ul ON u.tier = ul.tier
WHERE du.date = CURRENT_DATE
  AND (du.deployments_created > ul.max_deployments_per_day * 0.8
    OR du.api_calls > ul.max_api_calls_per_day * 0.8);";

/// A statement with the id of a user in its place.
pub(crate) fn of_user(sql: &str, user: &str) -> String {
    sql.replace("<uuid>", user)
}
