//! What PostgreSQL and ClickHouse hold, read past the servers: the ledger, the identities, the events and rollups that the
//! manifest names.

use super::World;
use super::engines;
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// The rollups that every fold has; see `cluster/click/folds.rs`.
const KINDS: std::ops::RangeInclusive<u8> = 1..=11;

/// Sums over events: calls, errors, events without a price, ten kinds of tokens, nano-dollars.
pub(crate) type Sums = [i64; 14];

/// What a tenant has according to each place that keeps it.
#[derive(Debug)]
pub(crate) struct Books {
    pub(crate) last_seq: i64,
    pub(crate) identities: i64,
    pub(crate) voided: i64,
    pub(crate) ledger: Sums,
    /// Of all single events in ClickHouse that count.
    pub(crate) events: Sums,
    /// By kind: of live folds, with the single events behind them.
    pub(crate) rollups: Vec<Sums>,
    /// How many rows a live fold has of the tenant, all kinds.
    pub(crate) rollup_rows: i64,
    /// How often the row that is there most often is there.
    pub(crate) most_times: i64,
}

impl Books {
    /// Waits until everything was brought to ClickHouse and `folds` live folds are there at least, then reads.
    pub(crate) async fn settled(world: &World, slug: &str, folds: usize) -> Self {
        let client = engines::connect(world.postgres()).await;
        let begun = Instant::now();
        loop {
            let waiting = "SELECT count(*) FROM outbox WHERE batch IS NULL";
            let waiting: i64 = client.query_one(waiting, &[]).await.unwrap().get(0);
            let live = Manifest::read(&client).await.folds.len();
            if waiting == 0 && live >= folds {
                return Self::read(world, &client, slug).await;
            }
            let patience = begun.elapsed() < Duration::from_mins(2);
            assert!(patience, "{waiting} rows of the outbox wait, {live} folds are live");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn read(world: &World, client: &Client, slug: &str) -> Self {
        let row = "SELECT id, last_seq, sums FROM tenant JOIN ledger ON tenant_id = id WHERE slug = $1";
        let row = client.query_one(row, &[&slug]).await.unwrap();
        let (tenant, last_seq): (i64, i64) = (row.get(0), row.get(1));
        let ledger = decode(row.get(2));
        let row = "SELECT count(*), count(voided_ms) FROM identity WHERE tenant_id = $1";
        let row = client.query_one(row, &[&tenant]).await.unwrap();
        let manifest = Manifest::read(client).await;
        let ask = |sql: String| world.tables.ask(0, &sql);
        let events = numbers(&ask(manifest.sums_of_events(tenant, 0)));
        let unfolded = numbers(&ask(manifest.sums_of_events(tenant, manifest.folded)));
        let rollups = KINDS.map(|kind| {
            let folded = numbers(&ask(manifest.sums_of_rollups(tenant, kind)));
            std::array::from_fn(|sum| folded[sum] + unfolded[sum])
        });
        let times = format!(
            "SELECT max(times) FROM (SELECT count() AS times FROM event_all WHERE {} GROUP BY seq, version, sign)",
            manifest.named(tenant, 0)
        );
        let rows = format!(
            "SELECT count() FROM rollup_all WHERE tenant = {tenant} AND fold IN ({})",
            manifest.folds.join(", ")
        );
        let rollup_rows =
            if manifest.folds.is_empty() { 0 } else { ask(rows).trim().parse().expect("a number") };
        Self {
            last_seq,
            identities: row.get(0),
            voided: row.get(1),
            ledger,
            events,
            rollups: rollups.collect(),
            rollup_rows,
            most_times: ask(times).trim().parse().expect("a number"),
        }
    }

    /// All places agree, to the last nano-dollar.
    pub(crate) fn agree(&self) {
        assert_eq!(self.last_seq, self.identities, "numbers and identities");
        assert_eq!(self.ledger, self.events, "the ledger and single events");
        for (kind, rollup) in KINDS.zip(&self.rollups) {
            assert_eq!(&self.ledger, rollup, "the ledger and the rollups of kind {kind}");
        }
        assert!(self.most_times <= 1, "a row is there {} times", self.most_times);
    }
}

/// What counts in ClickHouse.
struct Manifest {
    applied: i64,
    dead: String,
    folded: i64,
    folds: Vec<String>,
}

impl Manifest {
    async fn read(client: &Client) -> Self {
        let row = client.query_one("SELECT applied, dead, folded, folds FROM manifest", &[]).await.unwrap();
        let (dead, folds): (String, String) = (row.get(1), row.get(3));
        let folds = folds.split(',').filter(|fold| !fold.is_empty()).map(str::to_owned).collect();
        let dead = if dead.is_empty() { "0".to_owned() } else { dead };
        Self { applied: row.get(0), dead, folded: row.get(2), folds }
    }

    /// Events of batches behind this one.
    fn named(&self, tenant: i64, behind: i64) -> String {
        let Self { applied, dead, .. } = self;
        format!("tenant = {tenant} AND batch > {behind} AND batch <= {applied} AND batch NOT IN ({dead})")
    }

    fn sums_of_events(&self, tenant: i64, behind: i64) -> String {
        let mut sums = vec!["sum(sign)".to_owned(), "sum(sign * (status >= 400))".to_owned()];
        sums.push("sum(sign * (rating = 3))".to_owned());
        sums.extend(TOKENS.iter().map(|name| format!("sum(sign * {name})")));
        sums.push("sum(sign * cost_nanos)".to_owned());
        format!("SELECT {} FROM event_all WHERE {}", sums.join(", "), self.named(tenant, behind))
    }

    fn sums_of_rollups(&self, tenant: i64, kind: u8) -> String {
        let mut sums = vec!["sum(calls)".to_owned(), "sum(errors)".to_owned(), "sum(unpriced)".to_owned()];
        sums.extend(TOKENS.iter().map(|name| format!("sum({name})")));
        sums.push("sum(cost_nanos)".to_owned());
        let folds = if self.folds.is_empty() { "0".to_owned() } else { self.folds.join(", ") };
        format!(
            "SELECT {} FROM rollup_all WHERE tenant = {tenant} AND kind = {kind} AND fold IN ({folds})",
            sums.join(", ")
        )
    }
}

const TOKENS: [&str; 10] = [
    "input_uncached",
    "cache_read",
    "cache_write_short",
    "cache_write_long",
    "audio_input",
    "image_input",
    "output_visible",
    "reasoning",
    "audio_output",
    "image_output",
];

/// One row of numbers; no row where nothing was found.
fn numbers(row: &str) -> Sums {
    let mut sums = [0; 14];
    for (sum, text) in sums.iter_mut().zip(row.trim().split('\t').filter(|text| !text.is_empty())) {
        *sum = text.parse().unwrap_or_else(|_| panic!("{row:?} are no numbers"));
    }
    sums
}

/// Sums as the ledger keeps them: fourteen integers, sevens of bits, the sign in the lowest.
fn decode(bytes: &[u8]) -> Sums {
    let (mut sums, mut rest) = ([0; 14], bytes.iter());
    if bytes.is_empty() {
        return sums;
    }
    for sum in &mut sums {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let byte = *rest.next().expect("fourteen sums");
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        *sum = (value >> 1).cast_signed() ^ -(value & 1).cast_signed();
    }
    assert!(rest.next().is_none(), "fourteen sums and no more");
    sums
}
