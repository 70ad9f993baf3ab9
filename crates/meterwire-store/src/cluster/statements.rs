//! Statements by which the shared code looks up much at once. They have lists in them, which SQLite does not, so they
//! stand here and not beside what uses them: the embedded store never comes to them.

/// Labels by kinds and texts: kind, text, number, and for users (4) and projects (3) whether they are listed.
pub(crate) const LABELS: &str = "SELECT label.kind, label.value, label.id, CASE label.kind \
       WHEN 4 THEN EXISTS (SELECT 1 FROM \"user\" WHERE \"user\".tenant_id = label.tenant_id AND \"user\".id = label.value) \
       WHEN 3 THEN EXISTS (SELECT 1 FROM project WHERE project.tenant_id = label.tenant_id AND project.slug = label.value) \
       ELSE TRUE END \
     FROM unnest(?2::bigint[], ?3::text[]) AS wanted (kind, value) \
     JOIN label ON label.tenant_id = ?1 AND label.kind = wanted.kind AND label.value = wanted.value";
/// Users that are listed: name and tier.
pub(crate) const TIERS: &str = "SELECT id, tier FROM \"user\" WHERE tenant_id = ? AND id = ANY(?)";
/// Limits of users: name, metric, amount.
pub(crate) const LIMITS: &str =
    "SELECT \"user\", metric_id, amount FROM user_limit WHERE tenant_id = ? AND \"user\" = ANY(?)";
/// What users used of a metric on each of some days: name, units. User by user, which `OFFSET 0` keeps: a table that has no
/// statistics yet would be read by days instead, all users of them.
pub(crate) const USED: &str = "SELECT wanted.\"user\", of_day.units FROM unnest(?3::text[]) AS wanted (\"user\"), LATERAL ( \
       SELECT used - forgiven AS units FROM counter \
       WHERE tenant_id = ?1 AND metric_id = ?2 AND counter.\"user\" = wanted.\"user\" AND day BETWEEN ?4 AND ?5 OFFSET 0 \
     ) AS of_day";
/// The present levels of users: name, units.
pub(crate) const LEVELS: &str = "SELECT DISTINCT ON (\"user\") \"user\", used FROM level \
     WHERE tenant_id = ? AND metric_id = ? AND \"user\" = ANY(?) ORDER BY \"user\", day DESC";
/// What is held for users in a window: name, units. Those whose time is over are held until they are expired, which every
/// decision does first.
pub(crate) const HELD: &str = "SELECT \"user\", amount FROM reservation \
     WHERE status = 'held' AND tenant_id = ? AND metric_id = ? AND \"user\" = ANY(?) AND first_day = ?";
/// What was spent of budgets in the periods that begin then: budget, nano-dollars.
pub(crate) const SPENT: &str = "SELECT budget_period.budget, spent FROM unnest(?1::bigint[], ?2::bigint[]) AS wanted (budget, start_ms) \
     JOIN budget_period ON budget_period.budget = wanted.budget AND budget_period.start_ms = wanted.start_ms";
/// Answers to idempotency keys that are not too old: key, hash of the request, answer.
pub(crate) const ANSWERS: &str = "SELECT key, request, answer, created_ms FROM idempotency WHERE tenant_id = ? AND key = ANY(?) AND created_ms > ?";
/// `counter/add.sql`, many at once.
pub(crate) const ADD_COUNTERS: &str = "INSERT INTO counter (tenant_id, metric_id, day, \"user\", used) \
     SELECT * FROM unnest(?1::bigint[], ?2::bigint[], ?3::bigint[], ?4::text[], ?5::bigint[]) \
     ON CONFLICT (tenant_id, metric_id, day, \"user\") DO UPDATE SET used = counter.used + excluded.used, \
       forgiven = CASE WHEN counter.forgiven < counter.used + excluded.used THEN counter.forgiven \
         ELSE counter.used + excluded.used END";
