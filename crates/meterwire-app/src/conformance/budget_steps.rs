//! What may happen in a random life of budgets.

use super::make::DAY_MS;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const HOUR_MS: i64 = DAY_MS / 24;
pub(super) const ZONES: [&str; 4] = ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"];
pub(super) const PROJECTS: [&str; 3] = ["p1", "p2", "p3"];

/// Whose usage it is, as places in short lists; 0 is absent.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub(super) user: usize,
    pub(super) project: usize,
    pub(super) model: usize,
    pub(super) api_key: usize,
    pub(super) department: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    /// So much cost, perhaps naming another amount, so many hours ago.
    Event(By, i64, Option<i64>, i64),
    Void(usize),
    /// An event is rated anew, at so much.
    Rerate(usize, i64),
    Decide(bool, By, i64),
    Reserve(By, i64, i64),
    Commit(usize, i64),
    CommitEvent(usize, By, i64),
    Release(usize),
    Wait(i64),
    Make(usize, usize, Option<usize>, bool),
    Change(usize, usize, usize, i64),
    Delete(usize),
    TenantZone(usize),
    Team(usize, Option<bool>),
    Erase(usize),
}

fn any_by() -> impl Strategy<Value = By> {
    (1..3_usize, 0..4_usize, 0..3_usize, 0..3_usize, 0..3_usize).prop_map(
        |(user, project, model, api_key, department)| By { user, project, model, api_key, department },
    )
}

pub(super) fn any_step() -> impl Strategy<Value = Step> {
    let ago = select(vec![0, 0, 0, 1, 30, 24 * 9, 24 * 40, 24 * 300]);
    prop_oneof![
        8 => (any_by(), 0..50_i64, proptest::option::weighted(0.2, 0..50_i64), ago)
            .prop_map(|(by, cost, named, ago)| Step::Event(by, cost, named, ago)),
        3 => (0..50_usize).prop_map(Step::Void),
        3 => (0..50_usize, 0..50_i64).prop_map(|(i, cost)| Step::Rerate(i, cost)),
        4 => (any::<bool>(), any_by(), 0..30_i64).prop_map(|(c, by, n)| Step::Decide(c, by, n)),
        4 => (any_by(), 1..30_i64, select(vec![HOUR_MS, 20 * HOUR_MS])).prop_map(|(by, n, t)| Step::Reserve(by, n, t)),
        2 => (0..20_usize, 0..40_i64).prop_map(|(i, n)| Step::Commit(i, n)),
        2 => (0..20_usize, any_by(), 0..40_i64).prop_map(|(i, by, n)| Step::CommitEvent(i, by, n)),
        1 => (0..20_usize).prop_map(Step::Release),
        3 => select(vec![HOUR_MS, 7 * HOUR_MS, DAY_MS, 12 * DAY_MS]).prop_map(Step::Wait),
        5 => (0..12_usize, 0..6_usize, proptest::option::of(0..ZONES.len()), any::<bool>())
            .prop_map(|(s, p, z, h)| Step::Make(s, p, z, h)),
        1 => (0..20_usize, 0..12_usize, 0..6_usize, 0..300_i64).prop_map(|(i, s, p, n)| Step::Change(i, s, p, n)),
        1 => (0..20_usize).prop_map(Step::Delete),
        1 => (0..ZONES.len()).prop_map(Step::TenantZone),
        2 => (0..PROJECTS.len(), proptest::option::of(any::<bool>())).prop_map(|(p, t)| Step::Team(p, t)),
        1 => (1..3_usize).prop_map(Step::Erase),
    ]
}
