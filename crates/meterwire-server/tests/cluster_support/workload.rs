//! Clients of servers that are killed: they record, void, decide and ask, send again what was not answered, and know in the
//! end what has to be there.

use super::fleet::Fleet;
use super::{decimal, thousandths};
use crate::cli_support::Random;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub(crate) const TENANTS: [&str; 2] = ["acme", "beta"];
/// Users of decisions.
pub(crate) const USERS: u64 = 3;
/// In thousandths, of every user's `units`.
pub(crate) const LIMIT: u64 = 60_000;
/// The questions' range.
pub(crate) const RANGE: &str = "from=2026-01-01&to=2027-01-01";
/// Nano-dollars of an input token and an output token of gpt-4o.
const PRICES: [u64; 2] = [2_500, 10_000];

/// An event as its client keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) source: String,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) feature: String,
    pub(crate) failed: bool,
    pub(crate) tokens: [u64; 2],
    /// Of an event that is rated by its own price, else by the one of gpt-4o.
    pub(crate) nanos: Option<u64>,
    pub(crate) voided: bool,
}

impl Kept {
    pub(crate) fn cost_nanos(&self) -> u64 {
        let [input, output] = self.tokens;
        self.nanos.map_or(input * PRICES[0] + output * PRICES[1], |nanos| (input + output) * nanos)
    }
}

/// What clients were answered, of one tenant.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) events: BTreeMap<String, Kept>,
    /// Used and held of `units` by user, in thousandths.
    pub(crate) units: HashMap<String, [u64; 2]>,
    pub(crate) refused: u64,
    /// Requests that were sent more than once, and those of them that had been done before.
    pub(crate) repeated: u64,
    pub(crate) found_done: u64,
    pub(crate) questions: u64,
}

impl Model {
    pub(crate) fn add(&mut self, other: Self) {
        self.events.extend(other.events);
        for (user, units) in other.units {
            let sum = self.units.entry(user).or_default();
            *sum = [sum[0] + units[0], sum[1] + units[1]];
        }
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.found_done += other.found_done;
        self.questions += other.questions;
    }

    /// Events that count.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Kept> {
        self.events.values().filter(|event| !event.voided)
    }
}

/// What all clients of a tenant have said and heard so far, for questions meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    sent: AtomicU64,
    answered: AtomicU64,
    voids_sent: AtomicU64,
    voids_answered: AtomicU64,
}

impl Bounds {
    /// As if these events had been recorded.
    pub(crate) fn beginning_with(events: usize) -> Self {
        let (sent, answered) = (AtomicU64::new(events as u64), AtomicU64::new(events as u64));
        Self { sent, answered, ..Self::default() }
    }
}

/// One client of one tenant.
pub(crate) struct Client {
    pub(crate) fleet: Fleet,
    pub(crate) tenant: &'static str,
    pub(crate) name: String,
    pub(crate) random: Random,
    pub(crate) bounds: Arc<Bounds>,
    pub(crate) model: Model,
    held: Vec<(String, String, u64)>,
    number: u64,
}

impl Client {
    pub(crate) fn new(
        fleet: Fleet,
        tenant: &'static str,
        name: String,
        random: Random,
        bounds: Arc<Bounds>,
    ) -> Self {
        let (model, held) = (Model::default(), Vec::new());
        Self { fleet, tenant, name, random, bounds, model, held, number: 0 }
    }

    /// Works until it is told to stop; nothing is left unanswered.
    pub(crate) async fn run(mut self, stop: Arc<AtomicBool>) -> Model {
        while !stop.load(Ordering::Relaxed) {
            self.number += 1;
            match self.random.below(20) {
                0..9 => self.record().await,
                9..11 => self.void().await,
                11..14 => self.take("consume").await,
                14..16 => self.take("reservations").await,
                16..18 => self.settle().await,
                _ => self.ask().await,
            }
            let pause = self.random.below(30);
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        }
        self.model
    }

    fn path(&self, path: &str) -> String {
        format!("{path}?tenant={}", self.tenant)
    }

    fn note(&mut self, cut: u32, done_before: bool) {
        self.model.repeated += u64::from(cut > 0);
        self.model.found_done += u64::from(cut > 0 && done_before);
    }

    fn event(&mut self, number: u64) -> (Value, String, Kept) {
        let random = &mut self.random;
        let id = format!("{}-{}-{number}", self.name, self.number);
        let kept = Kept {
            source: format!("s{}", random.below(3)),
            project: format!("p{}", random.below(5)),
            user: format!("u{}", random.below(50)),
            feature: format!("f{}", random.below(3)),
            failed: random.below(20) == 0,
            tokens: [random.below(3_000), random.below(500)],
            nanos: None,
            voided: false,
        };
        // Two or three partitions of ClickHouse: each insert makes a part in each of them.
        let (month, day) = (8 + random.below(2), 1 + random.below(28));
        let time = format!("2026-{month:02}-{day:02}T{:02}:{:02}:00Z", random.below(24), random.below(60));
        let event = json!({
            "id": id, "source": kept.source, "model": "gpt-4o", "project": kept.project, "user": kept.user,
            "time": time, "status": if kept.failed { 500 } else { 200 }, "latency_ms": random.below(5_000),
            "properties": { "feature": kept.feature },
            "usage": { "input_tokens": kept.tokens[0], "output_tokens": kept.tokens[1] },
        });
        (event, id, kept)
    }

    /// A batch: all of it is there once it was answered, also when it was sent several times.
    async fn record(&mut self) {
        let count = 1 + self.random.below(40);
        let made: Vec<_> = (0..count).map(|number| self.event(number)).collect();
        let batch: Value = made.iter().map(|(event, ..)| event.clone()).collect();
        self.bounds.sent.fetch_add(count, Ordering::SeqCst);
        let path = self.path("/api/v1/events");
        // The impatient send the same to two servers at once.
        let twice = self.random.below(8) == 0;
        let mut other = Random(self.random.next());
        let (answer, beside) =
            tokio::join!(self.fleet.persist(&mut self.random, "POST", &path, Some(&batch)), async {
                if twice { self.fleet.once(&mut other, "POST", &path, Some(&batch)).await } else { None }
            });
        let stored = |body: &Value| {
            let [stored, duplicate] = ["stored", "duplicate"].map(|name| body[name].as_u64().unwrap_or(0));
            assert!([(count, 0), (0, count)].contains(&(stored, duplicate)), "half a batch: {body}");
            stored > 0
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        let is_stored = stored(&answer.body);
        if answer.cut == 0 && !twice {
            assert!(is_stored, "never sent before, and yet there: {}", answer.body);
        }
        if let Some((status, body)) = beside {
            assert_eq!(status, 200, "{body}");
            assert!(!(is_stored && stored(&body)), "stored by both servers");
        }
        self.note(answer.cut, !is_stored);
        self.bounds.answered.fetch_add(count, Ordering::SeqCst);
        self.model.events.extend(made.into_iter().map(|(_, id, kept)| (id, kept)));
    }

    /// Takes one of its own events back.
    async fn void(&mut self) {
        let random = self.random.next();
        let open = self.model.events.iter().filter(|(_, kept)| !kept.voided);
        let ids: Vec<(String, String)> =
            open.map(|(id, kept)| (id.clone(), kept.source.clone())).take(200).collect();
        let Some((id, source)) = ids.get(usize::try_from(random % ids.len().max(1) as u64).unwrap()) else {
            return;
        };
        self.bounds.voids_sent.fetch_add(1, Ordering::SeqCst);
        let path = self.path(&format!("/api/v1/events/{source}/{id}"));
        let answer = self.fleet.persist(&mut self.random, "DELETE", &path, None).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        self.bounds.voids_answered.fetch_add(1, Ordering::SeqCst);
        self.model.repeated += u64::from(answer.cut > 0);
        self.model.events.get_mut(id).unwrap().voided = true;
    }

    /// Consumes or holds some units, by a key.
    async fn take(&mut self, verb: &str) {
        let (user, amount) = (format!("u{}", self.random.below(USERS)), 1 + self.random.below(2_000));
        let key = format!("{}-{}", self.name, self.number);
        let mut body =
            json!({ "metric": "units", "user": user, "amount": decimal(amount), "idempotency_key": key });
        let holds = verb == "reservations";
        if holds {
            body["ttl_seconds"] = json!(86_400);
        }
        let path = self.path(&format!("/api/usage/{verb}"));
        let answer = self.fleet.persist(&mut self.random, "POST", &path, Some(&body)).await;
        self.note(answer.cut, false);
        match answer.status {
            200 if !holds => self.model.units.entry(user).or_default()[0] += amount,
            201 if holds => {
                let id = answer.body["id"].as_str().unwrap().to_owned();
                self.model.units.entry(user.clone()).or_default()[1] += amount;
                self.held.push((id, user, amount));
            }
            429 => self.model.refused += 1,
            _ => panic!("{answer:?}"),
        }
    }

    /// Commits a hold, with less or all of it, or gives it back.
    async fn settle(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let place = usize::try_from(self.random.below(self.held.len() as u64)).unwrap();
        let (id, user, amount) = self.held.swap_remove(place);
        let (used, answer) = if self.random.below(3) == 0 {
            let path = self.path(&format!("/api/usage/reservations/{id}"));
            (0, self.fleet.persist(&mut self.random, "DELETE", &path, None).await)
        } else {
            let used = self.random.below(amount + 1);
            let path = self.path(&format!("/api/usage/reservations/{id}/commit"));
            let body = json!({ "amount": decimal(used) });
            (used, self.fleet.persist(&mut self.random, "POST", &path, Some(&body)).await)
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        self.note(answer.cut, false);
        let units = self.model.units.get_mut(&user).unwrap();
        *units = [units[0] + used, units[1] - amount];
    }

    /// A question to any server: it has everything that was answered to anybody before it was asked.
    async fn ask(&mut self) {
        let bounds = self.bounds.clone();
        let load = |count: &AtomicU64| count.load(Ordering::SeqCst);
        let (answered, voided) = (load(&bounds.answered), load(&bounds.voids_answered));
        let path = self.path("/api/v1/usage/query") + &format!("&{RANGE}&metrics=calls");
        // 503 while ClickHouse is away.
        let Some((status, body)) = self.fleet.once(&mut self.random, "GET", &path, None).await else {
            return;
        };
        assert_eq!(status, 200, "{body}");
        let calls = body["total"]["calls"].as_u64().unwrap();
        let (sent, voids) = (load(&bounds.sent), load(&bounds.voids_sent));
        assert!(
            calls + voids >= answered && calls + voided <= sent,
            "{}: {calls} calls; answered {answered} and sent {sent}, of voids {voided} and {voids}",
            self.tenant
        );
        self.model.questions += 1;
    }
}

/// Where a user stands, in thousandths: used and held together, and held.
pub(crate) fn standing(status: &Value) -> [u64; 2] {
    let units = &status["metrics"]["units"];
    [thousandths(&units["current"]), thousandths(&units["held"])]
}
