-- Views for people who look with the sqlite3 program: users, their usage by day, the limits of tiers. Tiers, names and
-- limits can be changed through them beside a running server, which notices. Nothing of meterwire itself reads them.
--
-- They show one tenant: that whose slug is in the setting `sql_tenant`, without one the tenant that was made first.
--   INSERT INTO setting VALUES ('sql_tenant', 'acme');

CREATE VIEW sql_tenant (id) AS
SELECT id
FROM tenant
WHERE id = CASE
  WHEN EXISTS (SELECT 1 FROM setting WHERE name = 'sql_tenant') THEN (
    -- A slug that does not exist shows nothing rather than somebody else.
    SELECT named.id FROM setting JOIN tenant AS named ON named.slug = setting.value WHERE setting.name = 'sql_tenant'
  )
  ELSE (SELECT min(id) FROM tenant)
END;

CREATE VIEW users (id, username, tier) AS
SELECT id, username, tier FROM user WHERE tenant_id = (SELECT id FROM sql_tenant);

CREATE TRIGGER users_update INSTEAD OF UPDATE ON users
BEGIN
  SELECT RAISE(ABORT, 'the id of a user cannot be changed') WHERE NEW.id IS NOT OLD.id;
  SELECT RAISE(ABORT, 'there is no such tier; SELECT tier FROM usage_limits shows the tiers there are')
  WHERE NEW.tier IS NOT OLD.tier
    AND NOT EXISTS (SELECT 1 FROM tier WHERE tenant_id = (SELECT id FROM sql_tenant) AND name = NEW.tier);
  UPDATE user SET username = NEW.username, tier = NEW.tier
  WHERE tenant_id = (SELECT id FROM sql_tenant) AND id = OLD.id;
  INSERT INTO audit (tenant_id, at_ms, actor, action, target)
  SELECT id, CAST(strftime('%s', 'now') AS INTEGER) * 1000, 'sql', 'user.update', OLD.id FROM sql_tenant;
END;

-- A row for each user and day with any usage. Amounts are what counts: what was reset is not in them. A level, such as
-- storage, is that at the end of the day. The days are looked for first, so that asking for one reads only that one.
CREATE VIEW daily_usage (user_id, date, deployments_created, api_calls, compute_hours, storage) AS
WITH RECURSIVE
  counted (tenant_id, metric_id) AS (
    SELECT tenant_id, id FROM metric WHERE tenant_id = (SELECT id FROM sql_tenant)
  ),
  bound (first_day, last_day) AS (
    SELECT min(first_day), max(last_day)
    FROM (
      SELECT
        (SELECT min(day) FROM counter WHERE tenant_id = counted.tenant_id AND metric_id = counted.metric_id) AS first_day,
        (SELECT max(day) FROM counter WHERE tenant_id = counted.tenant_id AND metric_id = counted.metric_id) AS last_day
      FROM counted
      UNION ALL
      SELECT
        (SELECT min(day) FROM level WHERE tenant_id = counted.tenant_id AND metric_id = counted.metric_id),
        (SELECT max(day) FROM level WHERE tenant_id = counted.tenant_id AND metric_id = counted.metric_id)
      FROM counted
    )
  ),
  calendar (day, last_day) AS (
    SELECT first_day, last_day FROM bound WHERE first_day IS NOT NULL
    UNION ALL
    SELECT day + 1, last_day FROM calendar WHERE day < last_day
  ),
  -- Each user and day once: the first metric that was used that day tells of it, counters before levels.
  active (tenant_id, day, date, user) AS (
    SELECT counter.tenant_id, counter.day, date(calendar.day * 86400, 'unixepoch'), counter.user
    FROM calendar
    CROSS JOIN counted
    CROSS JOIN counter
      ON counter.tenant_id = counted.tenant_id AND counter.metric_id = counted.metric_id AND counter.day = calendar.day
    WHERE counter.user > '' AND counter.used > 0
      AND NOT EXISTS (
        SELECT 1
        FROM metric
        CROSS JOIN counter AS other ON other.tenant_id = metric.tenant_id AND other.metric_id = metric.id
        WHERE metric.tenant_id = counted.tenant_id AND metric.id < counted.metric_id
          AND other.day = calendar.day AND other.user = counter.user AND other.used > 0
      )
    UNION ALL
    SELECT level.tenant_id, level.day, date(calendar.day * 86400, 'unixepoch'), level.user
    FROM calendar
    CROSS JOIN counted
    CROSS JOIN level
      ON level.tenant_id = counted.tenant_id AND level.metric_id = counted.metric_id AND level.day = calendar.day
    WHERE level.user > ''
      AND NOT EXISTS (
        SELECT 1
        FROM metric
        CROSS JOIN counter AS other ON other.tenant_id = metric.tenant_id AND other.metric_id = metric.id
        WHERE metric.tenant_id = counted.tenant_id
          AND other.day = calendar.day AND other.user = level.user AND other.used > 0
      )
      AND NOT EXISTS (
        SELECT 1
        FROM metric
        CROSS JOIN level AS other ON other.tenant_id = metric.tenant_id AND other.metric_id = metric.id
        WHERE metric.tenant_id = counted.tenant_id AND metric.id < counted.metric_id
          AND other.user = level.user AND other.day = calendar.day
      )
  )
SELECT
  active.user,
  active.date,
  (
    SELECT CASE WHEN units % 1000000 = 0 THEN units / 1000000 ELSE units / 1000000.0 END
    FROM (
      SELECT coalesce(
        (
          SELECT counter.used - counter.forgiven
          FROM metric
          JOIN counter ON counter.tenant_id = metric.tenant_id AND counter.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'deployments'
            AND counter.day = active.day AND counter.user = active.user
        ),
        (
          SELECT level.used
          FROM metric
          JOIN level ON level.tenant_id = metric.tenant_id AND level.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'deployments'
            AND level.user = active.user AND level.day <= active.day
          ORDER BY level.day DESC LIMIT 1
        ),
        0
      ) AS units
    )
  ),
  (
    SELECT CASE WHEN units % 1000000 = 0 THEN units / 1000000 ELSE units / 1000000.0 END
    FROM (
      SELECT coalesce(
        (
          SELECT counter.used - counter.forgiven
          FROM metric
          JOIN counter ON counter.tenant_id = metric.tenant_id AND counter.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'api_calls'
            AND counter.day = active.day AND counter.user = active.user
        ),
        (
          SELECT level.used
          FROM metric
          JOIN level ON level.tenant_id = metric.tenant_id AND level.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'api_calls'
            AND level.user = active.user AND level.day <= active.day
          ORDER BY level.day DESC LIMIT 1
        ),
        0
      ) AS units
    )
  ),
  (
    SELECT CASE WHEN units % 1000000 = 0 THEN units / 1000000 ELSE units / 1000000.0 END
    FROM (
      SELECT coalesce(
        (
          SELECT counter.used - counter.forgiven
          FROM metric
          JOIN counter ON counter.tenant_id = metric.tenant_id AND counter.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'compute_hours'
            AND counter.day = active.day AND counter.user = active.user
        ),
        (
          SELECT level.used
          FROM metric
          JOIN level ON level.tenant_id = metric.tenant_id AND level.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'compute_hours'
            AND level.user = active.user AND level.day <= active.day
          ORDER BY level.day DESC LIMIT 1
        ),
        0
      ) AS units
    )
  ),
  (
    SELECT CASE WHEN units % 1000000 = 0 THEN units / 1000000 ELSE units / 1000000.0 END
    FROM (
      SELECT coalesce(
        (
          SELECT counter.used - counter.forgiven
          FROM metric
          JOIN counter ON counter.tenant_id = metric.tenant_id AND counter.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'storage'
            AND counter.day = active.day AND counter.user = active.user
        ),
        (
          SELECT level.used
          FROM metric
          JOIN level ON level.tenant_id = metric.tenant_id AND level.metric_id = metric.id
          WHERE metric.tenant_id = active.tenant_id AND metric.name = 'storage'
            AND level.user = active.user AND level.day <= active.day
          ORDER BY level.day DESC LIMIT 1
        ),
        0
      ) AS units
    )
  )
FROM active;

CREATE VIEW usage_limits (
  tier, max_deployments_per_day, max_api_calls_per_day, max_compute_hours_per_day, max_storage
) AS
SELECT
  tier.name,
  (
    SELECT CASE WHEN amount % 1000000 = 0 THEN amount / 1000000 ELSE amount / 1000000.0 END
    FROM metric
    JOIN tier_limit
      ON tier_limit.tenant_id = metric.tenant_id AND tier_limit.tier = tier.name AND tier_limit.metric_id = metric.id
    WHERE metric.tenant_id = tier.tenant_id AND metric.name = 'deployments'
  ),
  (
    SELECT CASE WHEN amount % 1000000 = 0 THEN amount / 1000000 ELSE amount / 1000000.0 END
    FROM metric
    JOIN tier_limit
      ON tier_limit.tenant_id = metric.tenant_id AND tier_limit.tier = tier.name AND tier_limit.metric_id = metric.id
    WHERE metric.tenant_id = tier.tenant_id AND metric.name = 'api_calls'
  ),
  (
    SELECT CASE WHEN amount % 1000000 = 0 THEN amount / 1000000 ELSE amount / 1000000.0 END
    FROM metric
    JOIN tier_limit
      ON tier_limit.tenant_id = metric.tenant_id AND tier_limit.tier = tier.name AND tier_limit.metric_id = metric.id
    WHERE metric.tenant_id = tier.tenant_id AND metric.name = 'compute_hours'
  ),
  (
    SELECT CASE WHEN amount % 1000000 = 0 THEN amount / 1000000 ELSE amount / 1000000.0 END
    FROM metric
    JOIN tier_limit
      ON tier_limit.tenant_id = metric.tenant_id AND tier_limit.tier = tier.name AND tier_limit.metric_id = metric.id
    WHERE metric.tenant_id = tier.tenant_id AND metric.name = 'storage'
  )
FROM tier
WHERE tier.tenant_id = (SELECT id FROM sql_tenant);

CREATE TRIGGER usage_limits_update INSTEAD OF UPDATE ON usage_limits
BEGIN
  SELECT RAISE(ABORT, 'the name of a tier cannot be changed') WHERE NEW.tier IS NOT OLD.tier;
  SELECT RAISE(ABORT, 'a limit must be a number from 0 to 1000000000000, or NULL for unlimited')
  WHERE EXISTS (
    SELECT 1
    FROM (
      SELECT NEW.max_deployments_per_day AS units
      UNION ALL SELECT NEW.max_api_calls_per_day
      UNION ALL SELECT NEW.max_compute_hours_per_day
      UNION ALL SELECT NEW.max_storage
    )
    WHERE units IS NOT NULL AND NOT (typeof(units) IN ('integer', 'real') AND units BETWEEN 0 AND 1000000000000)
  );
  -- Only what changed is written: an exact limit must not pass through a rounded number on its way back.
  DELETE FROM tier_limit
  WHERE NEW.max_deployments_per_day IS NULL
    AND tenant_id = (SELECT id FROM sql_tenant)
    AND tier = OLD.tier
    AND metric_id = (SELECT id FROM metric WHERE tenant_id = (SELECT id FROM sql_tenant) AND name = 'deployments');
  INSERT INTO tier_limit (tenant_id, tier, metric_id, amount)
  SELECT tenant_id, OLD.tier, id,
    CASE typeof(NEW.max_deployments_per_day) WHEN 'integer' THEN NEW.max_deployments_per_day * 1000000 ELSE CAST(round(NEW.max_deployments_per_day * 1000000) AS INTEGER) END
  FROM metric
  WHERE NEW.max_deployments_per_day IS NOT NULL AND NEW.max_deployments_per_day IS NOT OLD.max_deployments_per_day
    AND tenant_id = (SELECT id FROM sql_tenant) AND name = 'deployments'
  ON CONFLICT DO UPDATE SET amount = excluded.amount;
  DELETE FROM tier_limit
  WHERE NEW.max_api_calls_per_day IS NULL
    AND tenant_id = (SELECT id FROM sql_tenant)
    AND tier = OLD.tier
    AND metric_id = (SELECT id FROM metric WHERE tenant_id = (SELECT id FROM sql_tenant) AND name = 'api_calls');
  INSERT INTO tier_limit (tenant_id, tier, metric_id, amount)
  SELECT tenant_id, OLD.tier, id,
    CASE typeof(NEW.max_api_calls_per_day) WHEN 'integer' THEN NEW.max_api_calls_per_day * 1000000 ELSE CAST(round(NEW.max_api_calls_per_day * 1000000) AS INTEGER) END
  FROM metric
  WHERE NEW.max_api_calls_per_day IS NOT NULL AND NEW.max_api_calls_per_day IS NOT OLD.max_api_calls_per_day
    AND tenant_id = (SELECT id FROM sql_tenant) AND name = 'api_calls'
  ON CONFLICT DO UPDATE SET amount = excluded.amount;
  DELETE FROM tier_limit
  WHERE NEW.max_compute_hours_per_day IS NULL
    AND tenant_id = (SELECT id FROM sql_tenant)
    AND tier = OLD.tier
    AND metric_id = (SELECT id FROM metric WHERE tenant_id = (SELECT id FROM sql_tenant) AND name = 'compute_hours');
  INSERT INTO tier_limit (tenant_id, tier, metric_id, amount)
  SELECT tenant_id, OLD.tier, id,
    CASE typeof(NEW.max_compute_hours_per_day) WHEN 'integer' THEN NEW.max_compute_hours_per_day * 1000000 ELSE CAST(round(NEW.max_compute_hours_per_day * 1000000) AS INTEGER) END
  FROM metric
  WHERE NEW.max_compute_hours_per_day IS NOT NULL AND NEW.max_compute_hours_per_day IS NOT OLD.max_compute_hours_per_day
    AND tenant_id = (SELECT id FROM sql_tenant) AND name = 'compute_hours'
  ON CONFLICT DO UPDATE SET amount = excluded.amount;
  DELETE FROM tier_limit
  WHERE NEW.max_storage IS NULL
    AND tenant_id = (SELECT id FROM sql_tenant)
    AND tier = OLD.tier
    AND metric_id = (SELECT id FROM metric WHERE tenant_id = (SELECT id FROM sql_tenant) AND name = 'storage');
  INSERT INTO tier_limit (tenant_id, tier, metric_id, amount)
  SELECT tenant_id, OLD.tier, id,
    CASE typeof(NEW.max_storage) WHEN 'integer' THEN NEW.max_storage * 1000000 ELSE CAST(round(NEW.max_storage * 1000000) AS INTEGER) END
  FROM metric
  WHERE NEW.max_storage IS NOT NULL AND NEW.max_storage IS NOT OLD.max_storage
    AND tenant_id = (SELECT id FROM sql_tenant) AND name = 'storage'
  ON CONFLICT DO UPDATE SET amount = excluded.amount;
  INSERT INTO audit (tenant_id, at_ms, actor, action, target)
  SELECT id, CAST(strftime('%s', 'now') AS INTEGER) * 1000, 'sql', 'tier.update', OLD.tier FROM sql_tenant;
END;
