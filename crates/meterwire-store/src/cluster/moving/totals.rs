//! Totals of time whose single events retention dropped: what the directory's rollups say of it, less the events of that
//! time which are still there and come by themselves, as one fold.

use super::super::click::ddl::RollupRow;
use super::super::click::folds::Kind;
use super::super::fold::{NAME, live_given, open_given};
use super::super::lead::{StepError, bounded};
use super::super::outbox::{TokenCounts, property_hash};
use super::super::usage::labels::more;
use super::ledgers::{self, Ledgers};
use super::{DONE, Mover};
use crate::error::{Fault, Work};
use crate::sqlite::doctor::totals_without_events;
use crate::sqlite::rollup::{RollupKey, RollupSet, RollupValue};
use crate::sums::Sums;
use hashbrown::HashMap;
use meterwire_core::dimension::Dimension;
use meterwire_core::property::MORE_VALUES;
use meterwire_core::sketch::LatencySketch;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

const PART: &str = "totals";
/// Rows of one insert.
const ROWS: u64 = 50_000;
const INSERT: Duration = Duration::from_mins(1);

/// The numbers of declarations, by tenant and place.
type Declarations = HashMap<(i64, usize), u64>;

/// Rows of rollups as ClickHouse takes them, and what those of all events of a tenant add up to.
struct Piece {
    body: Vec<u8>,
    rows: u64,
    sums: HashMap<i64, Vec<Sums>>,
}

impl Mover<'_> {
    /// Brings the totals, where there are any and they are not there yet.
    pub(super) async fn bring_totals(&mut self) -> Result<(), StepError> {
        if self.is_done(PART).await?.is_some() {
            return Ok(());
        }
        let number = open_given(&self.lead).await?;
        let declared = self.declared().await?;
        let mut pieces =
            self.source.read(move |connection, send| read_pieces(connection, number, &declared, send));
        let mut ledgers = ledgers::all(self.lead.client()).await?;
        let mut changed = Ledgers::new();
        let mut rows = 0;
        while let Some(piece) = self.lead.while_leading(pieces.recv()).await? {
            let piece = piece?;
            for (tenant, sums) in piece.sums {
                let known = ledgers.remove(&tenant);
                let ledger = changed.entry(tenant).or_insert_with(|| known.unwrap_or_default());
                for sums in sums {
                    ledgers::add_totals(ledger, &sums)?;
                }
            }
            let columns: Vec<_> = RollupRow::columns().iter().map(|column| column.name).collect();
            let table = self.clicks.schema().local("rollup");
            let sql = format!("INSERT INTO {table} ({}) FORMAT RowBinary", columns.join(", "));
            self.lead.while_leading(self.clicks.insert(0, sql, piece.body, INSERT)).await??;
            rows += piece.rows;
            self.tell(PART, rows, 0)?;
        }
        let epoch = self.lead.epoch();
        let last_seq = self.source.last_seq();
        let transaction = self.lead.transaction().await?;
        ledgers::write(&transaction, &changed, last_seq).await?;
        if rows > 0 {
            live_given(&transaction, number).await?;
            let named = bounded(transaction.execute(NAME, &[&epoch])).await?;
            if named != 1 {
                return Err(StepError::Fenced);
            }
        }
        bounded(transaction.execute(DONE, &[&PART, &rows.to_string()])).await?;
        bounded(transaction.commit()).await?;
        self.moved.totals = rows;
        self.tell(PART, rows, rows)
    }
}

impl Mover<'_> {
    /// Numbers of declarations, as tables were copied.
    async fn declared(&self) -> Result<Declarations, StepError> {
        let sql = "SELECT tenant_id, place, number FROM dimension";
        let rows = bounded(self.lead.client().query(sql, &[])).await?;
        let number = |row: &tokio_postgres::Row| {
            let place = usize::try_from(row.get::<_, i64>(1)).ok()?;
            Some(((row.get(0), place), u64::try_from(row.get::<_, i64>(2)).ok()?))
        };
        Ok(rows.iter().filter_map(number).collect())
    }
}

fn read_pieces(
    connection: &Connection,
    fold: u32,
    declared: &Declarations,
    send: &mut dyn FnMut(Piece) -> bool,
) -> Work<()> {
    let empty = || Piece { body: Vec::new(), rows: 0, sums: HashMap::new() };
    let mut piece = empty();
    let mut goes_on = true;
    totals_without_events(connection, &mut |set, key, value| {
        let Some(row) = row_of(connection, fold, set, declared, key, value)? else { return Ok(true) };
        row.write(&mut piece.body);
        piece.rows += 1;
        if is_of_all(set) {
            piece.sums.entry(key.tenant_id).or_default().push(value.sums);
        }
        if piece.rows >= ROWS {
            goes_on = send(std::mem::replace(&mut piece, empty()));
        }
        Ok(goes_on)
    })?;
    if piece.rows > 0 {
        send(piece);
    }
    Ok(())
}

/// The set that tells nothing apart.
fn is_of_all(set: &RollupSet) -> bool {
    set.dimensions.is_empty()
}

/// A row of a rollup; `None` for a declared property that is none any more.
fn row_of(
    connection: &Connection,
    fold: u32,
    set: &'static RollupSet,
    declared: &Declarations,
    key: &RollupKey,
    value: &RollupValue,
) -> Work<Option<RollupRow>> {
    let mut labels = [0_u64; 4];
    for (to, label) in labels.iter_mut().zip(key.labels) {
        *to = u64::try_from(label).map_err(|_| Fault::Damaged("a negative label".to_owned()))?;
    }
    let kind = if let [Dimension::Property(place)] = set.dimensions {
        let Some(number) = declared.get(&(key.tenant_id, place.index())) else { return Ok(None) };
        labels = [hash_of(connection, key)?, 0, 0, *number];
        Kind::of_property(*place)
    } else {
        Kind::every().find(|kind| kind.set.name == set.name)
    };
    let Some(kind) = kind else { return Ok(None) };
    let [k1, k2, k3, k4] = labels;
    let mut tokens = TokenCounts::default();
    tokens.0.copy_from_slice(value.sums.tokens());
    let [calls, errors, unpriced, ..] = value.sums.0;
    let (latency_keys, latency_counts) = counts(&value.latency);
    let (first_token_keys, first_token_counts) = counts(&value.time_to_first_token);
    Ok(Some(RollupRow {
        fold,
        kind: kind.number,
        tenant: u32::try_from(key.tenant_id).map_err(|_| Fault::Overflow)?,
        slot: i32::try_from(key.slot).map_err(|_| Fault::Overflow)?,
        k1,
        k2,
        k3,
        k4,
        calls,
        errors,
        unpriced,
        tokens,
        cost_nanos: value.sums.cost_nanos(),
        latency_keys,
        latency_counts,
        first_token_keys,
        first_token_counts,
    }))
}

/// The hash of a declared property's value, as folds of events have it.
fn hash_of(connection: &Connection, key: &RollupKey) -> Work<u64> {
    let [label, ..] = key.labels;
    if label == 0 {
        return Ok(0);
    }
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM label WHERE id = ? AND tenant_id = ?")?
        .query_row([label, key.tenant_id], |row| row.get(0))
        .optional()?;
    let text =
        text.ok_or_else(|| Fault::Damaged(format!("totals name the label {label}, which is not there")))?;
    Ok(if text == MORE_VALUES { more() } else { property_hash(&text) })
}

fn counts(sketch: &LatencySketch) -> (Vec<u16>, Vec<i64>) {
    sketch.counts().unzip()
}
