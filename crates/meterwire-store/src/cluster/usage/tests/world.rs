//! Events that are recorded, taken back and rated anew, and then partly in ClickHouse.

use crate::cluster::click::client::{ClickOptions, Clicks};
use crate::cluster::click::ddl::Schema;
use crate::cluster::click::folds::{Batches, Declaration, Kind, fold, fold_declared};
use crate::cluster::engines::ClickHouse;
use crate::cluster::outbox::{EventRow, Recorded, inserts, property_hash, to_body};
use crate::cluster::snapshot::Snapshot;
use crate::cluster::usage::Asking;
use crate::cluster::usage::labels::LabelTexts;
use crate::cluster::usage::moment::{DeclaredProperty, Moment};
use crate::error::Work;
use crate::label::LabelKind;
use async_trait::async_trait;
use meterwire_app::conformance::make::any_events;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::event::{Event, Rating};
use meterwire_core::money::CostNanos;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Values of the property `team` that are told apart.
const TOLD_APART: [&str; 3] = ["red", "blue", "7"];
const WITHIN: Duration = Duration::from_secs(30);

/// Labels in memory.
#[derive(Default)]
struct Numbers(Mutex<Vec<(u8, String)>>);

impl Numbers {
    fn number(&self, kind: LabelKind, text: Option<&str>) -> i64 {
        let Some(text) = text else { return 0 };
        let label = (kind.code().unwrap(), text.to_owned());
        let mut labels = self.0.lock().unwrap();
        let place = labels.iter().position(|known| *known == label).unwrap_or_else(|| {
            labels.push(label);
            labels.len() - 1
        });
        // Some numbers, not in the order of the texts.
        (place as i64 * 7_919) % 100_003 + 1
    }

    fn find(&self, number: u32) -> Option<String> {
        let labels = self.0.lock().unwrap();
        let found = (0..labels.len()).find(|place| (place * 7_919) % 100_003 + 1 == number as usize)?;
        Some(labels[found].1.clone())
    }
}

#[async_trait]
impl LabelTexts for Numbers {
    async fn texts(&self, _tenant: TenantId, numbers: Vec<u32>) -> Work<HashMap<u32, Arc<str>>> {
        assert!(!numbers.contains(&0));
        Ok(numbers.into_iter().filter_map(|number| Some((number, self.find(number)?.into()))).collect())
    }

    async fn numbers(
        &self,
        _tenant: TenantId,
        kind: LabelKind,
        texts: Vec<String>,
    ) -> Work<HashMap<String, u32>> {
        let known = |text: &String| self.0.lock().unwrap().contains(&(kind.code().unwrap(), text.clone()));
        let known: Vec<_> = texts.into_iter().filter(known).collect();
        let number = |text: &String| u32::try_from(self.number(kind, Some(text))).unwrap();
        Ok(known.into_iter().map(|text| (text.clone(), number(&text))).collect())
    }
}

/// An engine with our tables.
pub(super) struct World {
    runtime: tokio::runtime::Runtime,
    clicks: Clicks,
    labels: Numbers,
    tenants: AtomicI64,
    folds: AtomicI64,
    cases: u32,
    // Dropped last.
    _engine: ClickHouse,
}

/// What becomes of an event later.
#[derive(Debug, Clone)]
enum Deed {
    Void,
    Rate(i64),
}

/// What happens, and how far it is in ClickHouse.
#[derive(Debug, Clone)]
pub(super) struct Input {
    events: Vec<Event>,
    /// So many are recorded at once.
    at_once: usize,
    /// After each of the first recordings something is done to an event that is there.
    deeds: Vec<(Index, Deed)>,
    /// How many of the transactions are in ClickHouse.
    flushed: Index,
    /// How many transactions each batch takes, and whether a dead one was tried before.
    batches: Vec<(usize, bool)>,
    /// Up to which of these batches all is folded, in how many folds.
    folds: Option<(Index, usize)>,
}

pub(super) fn any_input(most: usize) -> impl Strategy<Value = Input> {
    let deed = prop_oneof![Just(Deed::Void), (0..1_000_i64).prop_map(Deed::Rate)];
    let deeds = prop::collection::vec((any::<Index>(), deed), 0..8);
    let batches = prop::collection::vec((1..4_usize, any::<bool>()), 1..5);
    let folds = prop::option::weighted(0.7, (any::<Index>(), 1..4_usize));
    (any_events(most), 1..12_usize, deeds, any::<Index>(), batches, folds).prop_map(
        |(events, at_once, deeds, flushed, batches, folds)| Input {
            events,
            at_once,
            deeds,
            flushed,
            batches,
            folds,
        },
    )
}

impl Input {
    /// The same events, most of them with a property.
    pub(super) fn with_property(mut self, key: &str) -> Self {
        let values = [serde_json::json!("red"), "blue".into(), 7.into(), true.into()];
        for (i, event) in self.events.iter_mut().enumerate() {
            if let Some(value) = values.get(i % 5) {
                event.properties.insert(key.to_owned(), value.clone());
            }
        }
        self
    }
}

/// A tenant at a moment.
pub(super) struct Case<'a> {
    world: &'a World,
    moment: Moment,
    /// The events that are left, in the order of recording.
    pub(super) events: Vec<Event>,
    /// The numbers of those that were voided.
    pub(super) voided: Vec<i64>,
    /// All events as they are rated now.
    pub(super) every: Vec<(i64, Event)>,
}

impl Case<'_> {
    pub(super) fn asking(&self) -> Asking<'_> {
        Asking::new(&self.world.clicks, &self.world.labels, &self.moment)
    }
}

impl World {
    /// Every check is made with about so many inputs.
    pub(super) fn new(engine: ClickHouse, cases: u32) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let schema = Schema::new(engine.database()).unwrap();
        let schema =
            engine.cluster().map_or(Ok(schema.clone()), |cluster| schema.on_cluster(cluster)).unwrap();
        let clicks = Clicks::new(ClickOptions { shards: engine.urls().to_vec(), schema }).unwrap();
        runtime.block_on(clicks.ensure()).unwrap();
        let (tenants, folds) = (AtomicI64::new(1), AtomicI64::new(1));
        Self { runtime, clicks, labels: Numbers::default(), tenants, folds, cases, _engine: engine }
    }

    /// Checks something that costs as much as so many others.
    pub(super) fn check<S>(&self, cost: u32, strategy: S, check: impl AsyncFn(&Self, S::Value))
    where
        S: Strategy,
        S::Value: Debug,
    {
        let cases = (self.cases / cost).max(2);
        let config = Config { cases, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&strategy, |input| {
                self.runtime.block_on(check(self, input));
                Ok(())
            })
            .unwrap_or_else(|failure| unreachable!("{failure}"));
    }

    pub(super) async fn case(&self, input: Input) -> Case<'_> {
        let tenant = TenantId(self.tenants.fetch_add(1, Ordering::Relaxed));
        let mut case =
            Recording { world: self, tenant, every: Vec::new(), rows: Vec::new(), voided: Vec::new() };
        let mut transactions: Vec<Vec<EventRow>> = Vec::new();
        let mut deeds = input.deeds.iter();
        for events in input.events.chunks(input.at_once) {
            transactions.push(case.record(events));
            if let Some((index, deed)) = deeds.next() {
                transactions.push(case.change(index.index(case.every.len()), deed));
            }
        }
        let Recording { every, voided, .. } = case;
        let flushed = input.flushed.index(transactions.len() + 1);
        let tail = transactions.split_off(flushed);
        let Flushed { applied, dead, times } = self.flush(&transactions, &tail, &input.batches).await;
        let (folded, folds) = match input.folds {
            Some((upto, count)) if applied > 0 => {
                self.fold(upto.index(applied as usize) + 1, count, &dead).await
            }
            _ => (0, Vec::new()),
        };
        let cancels = transactions.iter().chain(&tail).flatten().filter(|row| row.sign < 0).count() as i64;
        let values = TOLD_APART.map(|value| (property_hash(value), value.into()));
        let values = Arc::new(HashMap::from(values));
        // Of some tenants no fold has it yet.
        let fold = folds.first().copied().filter(|_| tenant.0 % 3 != 0);
        let snapshot = Snapshot {
            tenant,
            applied,
            dead,
            folded,
            unfolded_ms: Some(unfolded(folded, &times)),
            folds,
            labels_version: 1,
            cancels,
            dimensions: 1,
            events_from_ms: None,
            event_drop: None,
            tail: tail.into_iter().map(Into::into).collect(),
        };
        let declared = DeclaredProperty {
            place: Place::ALL[2],
            number: 31,
            key: property_hash("team"),
            values,
            has_more: true,
            known_from_ms: None,
            fold,
        };
        let living = every.iter().filter(|(seq, _)| !voided.contains(seq));
        let events = living.map(|(_, event)| event.clone()).collect();
        Case {
            world: self,
            moment: Moment { snapshot, declared: vec![declared], filling: Vec::new() },
            events,
            voided,
            every,
        }
    }

    /// Writes transactions in batches. What is not written stands in a batch that is still open.
    async fn flush(
        &self,
        flushed: &[Vec<EventRow>],
        tail: &[Vec<EventRow>],
        batches: &[(usize, bool)],
    ) -> Flushed {
        let (mut batch, mut applied, mut dead, mut times) = (0, 0, Vec::new(), Vec::new());
        let (mut rest, mut kinds) = (flushed, batches.iter().cycle());
        while !rest.is_empty() {
            let (size, fails) = kinds.next().unwrap();
            let (taken, left) = rest.split_at((*size).min(rest.len()));
            if *fails {
                batch += 1;
                dead.push(batch);
                self.insert(batch, taken, true).await;
            }
            batch += 1;
            applied = batch;
            self.insert(batch, taken, false).await;
            times.extend(taken.iter().flatten().map(|row| (batch, row.time_ms)));
            rest = left;
        }
        self.insert(batch + 1, tail, true).await;
        Flushed { applied, dead, times }
    }

    /// Folds batches of all tenants up to one, in so many folds at most; answers how far and the folds' numbers.
    async fn fold(&self, upto: usize, count: usize, dead: &[u32]) -> (u32, Vec<u32>) {
        let upto = u32::try_from(upto).unwrap();
        let (mut from, mut numbers) = (0, Vec::new());
        while from < upto {
            let to = (from + upto.div_ceil(u32::try_from(count).unwrap())).min(upto);
            let number = u32::try_from(self.folds.fetch_add(1, Ordering::Relaxed)).unwrap();
            for shard in 0..self.clicks.shards() {
                let (schema, batches) =
                    (self.clicks.schema(), Batches { folded: from, applied: to, dead, times: None });
                let of_all = Kind::every().map(|kind| fold(schema, kind, number, batches));
                let declared = self.declarations(number % 2 == 0);
                for sql in of_all.chain(fold_declared(schema, &declared, number, batches)) {
                    self.clicks.command(shard, sql, WITHIN).await.unwrap();
                }
            }
            numbers.push(number);
            from = to;
        }
        (upto, numbers)
    }

    /// What all tenants have declared, with lists of the values that are told apart or without.
    fn declarations(&self, full: bool) -> Vec<Declaration> {
        let told_apart = TOLD_APART.map(property_hash).to_vec();
        let tenants = 1..u32::try_from(self.tenants.load(Ordering::Relaxed)).unwrap();
        let declaration = |tenant| Declaration {
            tenant,
            key: property_hash("team"),
            number: 31,
            told_apart: Some(told_apart.clone()).filter(|_| full && tenant % 2 == 0),
        };
        tenants.map(declaration).collect()
    }

    async fn insert(&self, batch: u32, transactions: &[Vec<EventRow>], half: bool) {
        let bodies: Vec<_> = transactions.iter().map(|rows| to_body(rows).unwrap()).collect();
        let mut inserts = inserts(batch, self.clicks.shards(), &bodies).unwrap();
        if half {
            inserts.truncate(1);
        }
        for insert in inserts {
            let sql = self.clicks.schema().insert_events();
            self.clicks.insert(insert.shard, sql, insert.body, WITHIN).await.unwrap();
        }
    }
}

/// Events being recorded.
struct Recording<'a> {
    world: &'a World,
    tenant: TenantId,
    every: Vec<(i64, Event)>,
    /// The newest row of each.
    rows: Vec<EventRow>,
    voided: Vec<i64>,
}

impl Recording<'_> {
    fn record(&mut self, events: &[Event]) -> Vec<EventRow> {
        let labels = &self.world.labels;
        let first = self.rows.len();
        for event in events {
            let mut numbers = [0; Dimension::TEXTS.len()];
            for (number, dimension) in numbers.iter_mut().zip(Dimension::TEXTS) {
                *number = labels.number(LabelKind::Dimension(dimension), event.labels.get(dimension));
            }
            let price = match &event.rating {
                Rating::Priced { price_id, .. } => labels.number(LabelKind::Price, Some(price_id.as_str())),
                _ => 0,
            };
            let seq = self.every.len() as i64 + 1;
            let source = labels.number(LabelKind::Source, Some(&event.source));
            let recorded = Recorded { tenant: self.tenant, seq, source, labels: numbers, price };
            self.rows.push(EventRow::of_event(event, &recorded).unwrap());
            self.every.push((seq, event.clone()));
        }
        self.rows[first..].to_vec()
    }

    fn change(&mut self, place: usize, deed: &Deed) -> Vec<EventRow> {
        let (seq, event) = &mut self.every[place];
        if self.voided.contains(seq) {
            return Vec::new();
        }
        match deed {
            Deed::Void => {
                self.voided.push(*seq);
                vec![self.rows[place].cancelled()]
            }
            Deed::Rate(cost) => {
                event.rating = Rating::Given(CostNanos(*cost));
                let [cancelled, anew] = self.rows[place].rated_anew(&event.rating, 0).unwrap();
                self.rows[place] = anew.clone();
                vec![cancelled, anew]
            }
        }
    }
}

/// What was written in batches.
struct Flushed {
    /// The last batch that counts.
    applied: u32,
    dead: Vec<u32>,
    /// The time of each row, with its batch.
    times: Vec<(u32, i64)>,
}

/// Between what times rows lie that are in no fold.
fn unfolded(folded: u32, times: &[(u32, i64)]) -> (i64, i64) {
    let of_later = || times.iter().filter(|(batch, _)| *batch > folded).map(|(_, time_ms)| *time_ms);
    (of_later().min().unwrap_or(1), of_later().max().unwrap_or(0))
}
