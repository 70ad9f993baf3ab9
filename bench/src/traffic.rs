//! Requests: what one looks like, and when many of them come.
//!
//! Sizes are those of three public traces (medians, and sigma of the logarithm):
//! - conversations (ServeGen): per client, see `world.rs`; one in fifty is eight times as long; of a reasoning model's
//!   output a tenth is below 45 %, half below 74 % and nine tenths below 96 % reasoning
//! - code completion (Azure): input 1,095 and 1.36, at most 7,437; output 16 and 0.85
//! - long contexts (Mooncake): a quarter short (277 and 1.0), the others 17,000 and 0.75, at most 190,000; output 50 and
//!   1.77, at most 2,000; 45 % of the requests find 90 to 99.5 % of their input in the cache, the others nothing
//!
//! Bursts (ServeGen): 29 % of the requests follow one of the same client where chance alone would give 14 %, so one in
//! six repeats its sender within a moment; a client's requests of a minute vary by half of their mean. The traces are an
//! hour long: the curves of the day and the week are assumptions.

use crate::event::Event;
use crate::random::{Random, whole};
use crate::world::{Does, FEATURES, Kind, MODELS, Model, Project, Tenant, User, World};

pub(crate) const DAYS: i64 = 90;
pub(crate) const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
const MINUTES: i64 = DAYS * 24 * 60;
/// A request comes from the sender of the one before it.
const REPEATS: f64 = 0.17;
/// The logarithm of a minute's requests spreads by this.
const MINUTE_SIGMA: f64 = 0.47;
/// So many arrive late, by up to a day.
const LATE: f64 = 0.01;
/// So many different requests a project repeats, others every so often.
const REPEATED: u64 = 20;
const REPEATED_MS: i64 = 10 * 60_000;
/// A user stays in the own project.
const AT_HOME: f64 = 0.75;
/// Requests of each hour of a working day.
const HOURS: [f64; 24] = [
    0.25, 0.18, 0.14, 0.12, 0.13, 0.2, 0.38, 0.7, 1.2, 1.7, 2.0, 2.05, 1.7, 1.85, 2.05, 2.0, 1.8, 1.4, 1.0,
    0.8, 0.7, 0.6, 0.48, 0.35,
];
/// What else than 200 is answered, by how many of a thousand.
const FAILURES: [(u16, f64); 5] = [(429, 14.0), (400, 6.0), (500, 5.0), (503, 3.0), (401, 2.0)];

/// Who sends what.
#[derive(Debug, Clone, Copy)]
struct Sender<'w> {
    tenant: &'w Tenant,
    project: &'w Project,
    user: &'w User,
    api_key: &'w str,
}

/// Makes requests, whenever they come.
#[derive(Debug)]
pub(crate) struct Source<'w> {
    world: &'w World,
    random: Random,
}

impl<'w> Source<'w> {
    /// The same seed makes the same requests.
    pub(crate) fn new(world: &'w World, seed: u64) -> Self {
        Self { world, random: Random::part(seed, 1 << 32) }
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// A tenant, by its share.
    pub(crate) fn any_tenant(&mut self) -> &'w Tenant {
        &self.world.tenants[self.world.by_tenant.pick(&mut self.random)]
    }

    /// A request of a tenant.
    pub(crate) fn of_tenant(&mut self, tenant: &'w Tenant, time_ms: i64) -> Event<'w> {
        let sender = self.sender(tenant);
        self.request(sender, time_ms)
    }

    fn sender(&mut self, tenant: &'w Tenant) -> Sender<'w> {
        let random = &mut self.random;
        let user = &tenant.users[tenant.by_user.pick(random)];
        let home = random.chance(AT_HOME);
        let project = &tenant.projects[if home { user.home } else { tenant.by_project.pick(random) }];
        let key = usize::try_from(random.below(project.api_keys.len() as u64)).unwrap_or(0);
        Sender { tenant, project, user, api_key: &project.api_keys[key] }
    }

    fn request(&mut self, sender: Sender<'w>, time_ms: i64) -> Event<'w> {
        let Sender { tenant, project, user, api_key } = sender;
        let model = self.model(tenant, project);
        let feature = self.world.by_feature.pick(&mut self.random);
        let random = &mut self.random;
        let agent = random.below(project.agents.len().max(1) as u64);
        let bits = u128::from(random.next()) << 64 | u128::from(random.next());
        let mut event = Event {
            id: uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid(),
            time_ms,
            tenant: &tenant.slug,
            provider: model.provider,
            model: model.name,
            project: &project.name,
            user: &user.name,
            api_key,
            agent: usize::try_from(agent)
                .ok()
                .and_then(|place| project.agents.get(place))
                .map(String::as_str),
            department: project.department,
            country: user.country,
            operation: if model.does == Does::Embed { "embeddings" } else { "chat" },
            service_tier: match random.below(100) {
                0..5 => "batch",
                5..7 => "priority",
                _ => "default",
            },
            feature: random.chance(0.92).then_some(FEATURES[feature]),
            status: 200,
            latency_ms: 0,
            first_token_ms: None,
            input: 0,
            cached: 0,
            output: 0,
            reasoning: 0,
            // One in fifty asks what its project asks again and again in these minutes.
            request: match random.below(50) {
                0 => repeated(project, time_ms, random.below(REPEATED)),
                _ => bits ^ (bits << 1),
            },
        };
        match failure(random) {
            Some(status) => {
                event.status = status;
                event.latency_ms = whole(random.lognormal(150.0, 0.8), 60_000);
            }
            None => fill_in(&mut event, random, project, model),
        }
        event
    }

    /// The tenant's models by their share, of those that can do the project's work.
    fn model(&mut self, tenant: &Tenant, project: &Project) -> &'static Model {
        loop {
            let model = &MODELS[tenant.models[tenant.by_model.pick(&mut self.random)]];
            if (model.does == Does::Embed) == (project.kind == Kind::Search) {
                return model;
            }
        }
    }
}

/// The number of a request that a project repeats.
fn repeated(project: &Project, time_ms: i64, which: u64) -> u128 {
    let minutes = time_ms.div_euclid(REPEATED_MS).cast_unsigned();
    let name =
        project.name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    u128::from(name.wrapping_mul(1_000_003) ^ minutes) << 64 | u128::from(which + 1)
}

fn failure(random: &mut Random) -> Option<u16> {
    let mut at = random.unit() * 1000.0;
    FAILURES.into_iter().find_map(|(status, of_thousand)| {
        at -= of_thousand;
        (at < 0.0).then_some(status)
    })
}

/// Tokens and durations of a call that succeeded.
fn fill_in(event: &mut Event<'_>, random: &mut Random, project: &Project, model: &Model) {
    match project.kind {
        Kind::Chat => {
            event.input = 1 + whole(random.lognormal(project.input_median, 0.5), 120_000);
            let long = if random.chance(0.02) { 8.0 } else { 1.0 };
            event.output = 1 + whole(random.lognormal(project.output_median, 0.45) * long, 30_000);
        }
        Kind::Code => {
            event.input = 3 + whole(random.lognormal(1_095.0, 1.36), 7_434);
            event.output = 1 + whole(random.lognormal(16.0, 0.85), 1_000);
        }
        Kind::Agent => {
            let (median, sigma) = if random.chance(0.25) { (277.0, 1.0) } else { (17_000.0, 0.75) };
            event.input = 16 + whole(random.lognormal(median, sigma), 190_000);
            if random.chance(0.45) {
                event.cached = part(event.input, random.between(0.9, 0.995));
            }
            event.output = 1 + whole(random.lognormal(50.0, 1.77), 2_000);
        }
        Kind::Search => event.input = 1 + whole(random.lognormal(400.0, 0.8), 8_000),
    }
    if model.does == Does::Reason {
        event.reasoning = part(event.output, reasoning_share(random));
    }
    let wait =
        random.lognormal(model.first_token_ms, 0.4) * (1.0 + float(event.input - event.cached) / 20_000.0);
    let rest = float(event.output) * model.token_ms * random.lognormal(1.0, 0.25);
    event.latency_ms = 1 + whole(wait + rest, 600_000);
    if model.does != Does::Embed {
        event.first_token_ms = Some(1 + whole(wait, 60_000).min(event.latency_ms - 1));
    }
}

/// Straight lines through the quantiles of ServeGen's reasoning model.
fn reasoning_share(random: &mut Random) -> f64 {
    const QUANTILES: [(f64, f64); 5] = [(0.0, 0.27), (0.1, 0.45), (0.5, 0.74), (0.9, 0.96), (1.0, 1.0)];
    let at = random.unit();
    let place = QUANTILES.iter().position(|(quantile, _)| at < *quantile).unwrap_or(QUANTILES.len() - 1);
    let ((low, from), (high, to)) = (QUANTILES[place - 1], QUANTILES[place]);
    from + (to - from) * (at - low) / (high - low)
}

fn part(tokens: u64, share: f64) -> u64 {
    whole(float(tokens) * share, tokens)
}

#[expect(clippy::cast_precision_loss, reason = "tokens are far below 2^53")]
fn float(tokens: u64) -> f64 {
    tokens as f64
}

/// How far a tenant's requests have come.
#[derive(Debug)]
struct Progress {
    requests: u64,
    /// The sum of the weights of all minutes, and of those that passed.
    weight: f64,
    passed: f64,
    given: u64,
}

/// Ninety days of requests in the order in which they arrive, so many in all, to the minute before `end_ms`.
#[derive(Debug)]
pub(crate) struct Stream<'w> {
    source: Source<'w>,
    seed: u64,
    begin_ms: i64,
    minute: i64,
    progress: Vec<Progress>,
    /// The present minute, the last arrival first, with the time of arrival.
    waiting: Vec<(i64, Event<'w>)>,
}

impl<'w> Stream<'w> {
    pub(crate) fn new(world: &'w World, seed: u64, requests: u64, end_ms: i64) -> Self {
        let begin_ms = (end_ms / MINUTE_MS - MINUTES) * MINUTE_MS;
        let mut left = requests;
        let mut progress: Vec<Progress> = Vec::new();
        for (number, tenant) in (0..).zip(&world.tenants) {
            let requests = whole(float(requests) * tenant.share, left);
            left -= requests;
            let weight = (0..MINUTES).map(|minute| weight(seed, number, tenant, begin_ms, minute)).sum();
            progress.push(Progress { requests, weight, passed: 0.0, given: 0 });
        }
        // What rounding left over.
        progress[0].requests += left;
        Self { source: Source::new(world, seed), seed, begin_ms, minute: 0, progress, waiting: Vec::new() }
    }

    /// Makes the requests of a minute; false after the last.
    fn next_minute(&mut self) -> bool {
        if self.minute >= MINUTES {
            return false;
        }
        let minute_ms = self.begin_ms + self.minute * MINUTE_MS;
        for (number, (tenant, progress)) in
            (0..).zip(self.source.world.tenants.iter().zip(&mut self.progress))
        {
            progress.passed += weight(self.seed, number, tenant, self.begin_ms, self.minute);
            let last = self.minute == MINUTES - 1;
            let share = if last { 1.0 } else { progress.passed / progress.weight };
            let until = whole(float(progress.requests) * share, progress.requests);
            let mut before: Option<(Sender<'w>, i64)> = None;
            for _ in progress.given..until {
                let repeats = self.source.random.chance(REPEATS);
                let (sender, arrival_ms) = match before {
                    Some((sender, at_ms)) if repeats => {
                        let soon_ms = at_ms + 1 + self.source.below(200).cast_signed();
                        (sender, soon_ms.min(minute_ms + MINUTE_MS - 1))
                    }
                    _ => {
                        let into_ms = self.source.below(MINUTE_MS.unsigned_abs()).cast_signed();
                        (self.source.sender(tenant), minute_ms + into_ms)
                    }
                };
                before = Some((sender, arrival_ms));
                let late_ms = if self.source.random.chance(LATE) {
                    self.source.below(DAY_MS.unsigned_abs()).cast_signed()
                } else {
                    0
                };
                let time_ms = (arrival_ms - late_ms).max(self.begin_ms);
                let event = self.source.request(sender, time_ms);
                self.waiting.push((arrival_ms, event));
            }
            progress.given = until;
        }
        self.waiting.sort_by_key(|(arrival_ms, _)| std::cmp::Reverse(*arrival_ms));
        self.minute += 1;
        true
    }
}

impl<'w> Iterator for Stream<'w> {
    type Item = Event<'w>;

    fn next(&mut self) -> Option<Event<'w>> {
        while self.waiting.is_empty() {
            if !self.next_minute() {
                return None;
            }
        }
        self.waiting.pop().map(|(_, event)| event)
    }
}

/// How much a tenant uses in a minute, beside its other minutes.
#[expect(clippy::cast_precision_loss, reason = "minutes of ninety days")]
fn weight(seed: u64, number: u64, tenant: &Tenant, begin_ms: i64, minute: i64) -> f64 {
    let local = begin_ms / MINUTE_MS + minute + tenant.hours_ahead * 60;
    let hour = usize::try_from(local.div_euclid(60).rem_euclid(24)).unwrap_or(0);
    // 1970 began on a Thursday.
    let weekday = (local.div_euclid(24 * 60) + 3).rem_euclid(7);
    let week = if weekday >= 5 { tenant.weekend } else { 1.0 };
    let growth = 1.0 + (tenant.growth - 1.0) * minute as f64 / MINUTES as f64;
    let part = (number + 1) << 40 | minute.unsigned_abs();
    HOURS[hour] * week * growth * Random::part(seed, part).lognormal(1.0, MINUTE_SIGMA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    const END_MS: i64 = 1_795_343_400_000;

    #[test]
    fn as_many_come_as_were_asked_for_and_the_same_again() {
        let world = World::new(7);
        let ids = |count| Stream::new(&world, 7, count, END_MS).map(|event| event.id).collect::<Vec<_>>();
        let once = ids(20_000);
        assert_eq!(once.len(), 20_000);
        assert_eq!(once.iter().collect::<HashSet<_>>().len(), 20_000);
        assert_eq!(once, ids(20_000));
        assert_eq!(ids(1).len(), 1);
    }

    #[test]
    fn they_come_in_order_but_for_the_late_ones() {
        let world = World::new(7);
        let times: Vec<i64> = Stream::new(&world, 7, 50_000, END_MS).map(|event| event.time_ms).collect();
        let (mut latest_ms, mut late) = (0, 0);
        for time_ms in &times {
            late += usize::from(*time_ms < latest_ms);
            assert!(latest_ms - time_ms <= DAY_MS && *time_ms < END_MS);
            latest_ms = latest_ms.max(*time_ms);
        }
        assert!((300..700).contains(&late), "{late}");
        assert!(latest_ms > END_MS - DAY_MS && times[0] < END_MS - (DAYS - 1) * DAY_MS);
    }

    #[test]
    fn usage_is_spread_as_said() {
        let world = World::new(7);
        let events: Vec<Event<'_>> = Stream::new(&world, 7, 50_000, END_MS).collect();
        let share = |count: usize| float(count as u64) / float(events.len() as u64);
        let of_first = events.iter().filter(|event| event.tenant == "tenant-01").count();
        assert!((0.30..0.38).contains(&share(of_first)));
        let failed = events.iter().filter(|event| event.status >= 400).count();
        assert!((0.02..0.04).contains(&share(failed)));
        let mut countries: HashMap<&str, &str> = HashMap::new();
        for event in &events {
            assert_eq!(*countries.entry(event.user).or_insert(event.country), event.country);
            assert!(event.cached <= event.input && event.reasoning <= event.output);
        }
        let cached: u64 = events.iter().map(|event| event.cached).sum();
        assert!(cached > 0);
    }
}
