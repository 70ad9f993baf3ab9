//! Folds: what batches add up to, kept as rollups under a number of their own, so that questions need not read each event.
//!
//! | Step | Where | A crash behind it leaves | What mends it |
//! |---|---|---|---|
//! | 1 open: a number for batches that are not folded, for properties that were declared since (see [`Declared`]), or for folds to be merged | [`OpenFold::of_batches`], [`OpenFold::of_declared`], [`OpenFold::of_folds`] | a number that no question names | the next leader: what is open is dead |
//! | 2 insert: each shard adds up what it has, once for each kind | [`Folder::step`] | rollups that no question names | step 4; the same goes again under the next number |
//! | 3 live: the fold, its sources and the manifest in one transaction | [`OpenFold::live`] | nothing: done | - |
//! | 4 drop: rollups of folds that are neither open, live nor retired lately | [`Folder::drop_old`] | some of them | again |
//!
//! The commit of step 3 is the only moment that counts. A fold never changes: what was folded stays in its rollups
//! although retention takes the events away. Shards work beside the flush, which is not kept waiting.

use super::clean::{milliseconds, numbers};
use super::click::client::{ClickResult, Clicks};
use super::click::folds::{Batches, Declaration, Kind, fold, fold_declared, merge, merge_declared};
use super::declared::Declared;
use super::lead::{Lead, StepError, bounded};
use crate::error::{Fault, failed};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_postgres::Transaction;

/// The level of totals that were moved here.
const GIVEN_LEVEL: i64 = 1_000;
/// The most batches of one fold, so that ClickHouse's memory is bounded however long it was away.
const MAX_BATCHES: i64 = 200;
/// A statement that adds up may take so long.
const ADD_UP: Duration = Duration::from_mins(5);
/// What is asked about partitions, and dropping one.
const DROP: Duration = Duration::from_secs(30);

/// The first batches that are not folded, and between what times their events lie where that is known of all: a batch that was
/// forgotten counts as well where somebody has all folds made again.
const LOOK: &str = "SELECT folded, applied, coalesce(max(next.id), folded), count(next.id), min(next.at_ms), \
       count(next.min_ms) = count(next.id) AND (SELECT min(id) FROM batch) <= folded + 1, min(next.min_ms), max(next.max_ms) \
     FROM manifest LEFT JOIN (SELECT id, at_ms, min_ms, max_ms FROM batch \
       WHERE state = 'applied' AND id > (SELECT folded FROM manifest WHERE only_row = 1) ORDER BY id LIMIT $1 \
     ) AS next ON TRUE WHERE only_row = 1 GROUP BY folded, applied";
const DEAD: &str = "SELECT id FROM batch WHERE state = 'dead' AND id > $1 AND id <= $2 ORDER BY id";
/// The oldest of a level that has enough; the lowest such level.
const TO_MERGE: &str = "SELECT id, level, from_batch, max(to_batch) OVER () FROM fold WHERE state = 'live' AND level = \
       (SELECT level FROM fold WHERE state = 'live' GROUP BY level HAVING count(*) >= $1 ORDER BY level LIMIT 1) \
     ORDER BY from_batch, id LIMIT $1";
const OPEN: &str = "INSERT INTO fold (state, level, from_batch, to_batch) \
     SELECT 'open', $2::bigint, $3::bigint, $4::bigint FROM manifest WHERE only_row = 1 AND epoch = $1 RETURNING id";
const LIVE: &str = "UPDATE fold SET state = 'live' WHERE id = $1 AND state = 'open'";
const FOLDED: &str =
    "UPDATE manifest SET folded = $3 WHERE only_row = 1 AND epoch = $1 AND folded = $2 AND applied >= $3";
const RETIRE: &str =
    "UPDATE fold SET state = 'retired', retired_ms = $2 WHERE id = ANY($1) AND state = 'live'";
pub(super) const NAME: &str = "UPDATE manifest SET folds = (SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') \
     FROM fold WHERE state = 'live') WHERE only_row = 1 AND epoch = $1";
const HAS_FOLD: &str = "UPDATE dimension SET fold = $1 WHERE number = ANY($2) AND fold IS NULL";
const GIVE_UP: &str = "UPDATE fold SET state = 'dead' WHERE id = $1 AND state = 'open'";
const RETIRED_LONG: &str = "UPDATE fold SET state = 'dead' WHERE state = 'retired' AND retired_ms <= $1 \
     AND (SELECT epoch FROM manifest WHERE only_row = 1) = $2";

/// When folds are made, merged and dropped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoldOptions {
    /// So many batches are folded at once,
    pub(crate) batches: i64,
    /// or fewer when the oldest of them was applied so long ago.
    pub(crate) every: Duration,
    /// So many live folds of a level become one of the next; at least 2.
    pub(crate) merge: i64,
    /// A fold that was merged is kept so long for questions that have begun: longer than a question may take.
    pub(crate) keep_retired: Duration,
}

impl Default for FoldOptions {
    fn default() -> Self {
        Self { batches: 20, every: Duration::from_mins(1), merge: 4, keep_retired: Duration::from_mins(2) }
    }
}

/// What a fold adds up.
#[derive(Debug)]
enum Sources {
    /// Events of batches behind `folded` up to `upto`, but for dead ones.
    Batches { folded: u32, upto: u32, dead: Vec<i64>, times: Option<(i64, i64)>, declared: Vec<Declaration> },
    /// The same of all batches that are folded, by these properties alone.
    Declared { folded: u32, dead: Vec<i64>, declared: Vec<Declaration> },
    /// Live folds, with what is declared by the numbers of `declared`.
    Folds { folds: Vec<i64>, declared: Vec<u64> },
}

/// A fold that was begun: in no question, and dead for the next leader unless it is live before.
#[derive(Debug)]
pub(crate) struct OpenFold {
    number: u32,
    sources: Sources,
}

impl OpenFold {
    /// Step 1, for batches. `None` where all are folded, or too few and too young to be, unless it is `wanted` now.
    pub(crate) async fn of_batches(
        lead: &Lead,
        options: &FoldOptions,
        wanted: bool,
        now_ms: i64,
    ) -> Result<Option<Self>, StepError> {
        let row = bounded(lead.client().query_one(LOOK, &[&MAX_BATCHES])).await?;
        let (folded, upto): (i64, i64) = (row.get(0), row.get(2));
        let (count, oldest_ms): (i64, Option<i64>) = (row.get(3), row.get(4));
        let Some(oldest_ms) = oldest_ms else { return Ok(None) };
        let is_due = count >= options.batches || now_ms - oldest_ms >= milliseconds(options.every);
        if !is_due && !wanted {
            return Ok(None);
        }
        let dead = bounded(lead.client().query(DEAD, &[&folded, &upto])).await?;
        let dead = dead.iter().map(|row| row.get(0)).collect();
        let declared = Declared::of_folds(lead).await?;
        let is_known: bool = row.get(5);
        let times = row.get::<_, Option<i64>>(6).zip(row.get(7)).filter(|_| is_known);
        let sources =
            Sources::Batches { folded: narrow(folded)?, upto: narrow(upto)?, dead, times, declared };
        Self::open(lead, 0, (folded + 1, upto), sources).await.map(Some)
    }

    /// Step 1, for properties that were declared since folds began; `None` where there are none.
    pub(crate) async fn of_declared(lead: &Lead) -> Result<Option<Self>, StepError> {
        let declared = Declared::of_none(lead).await?;
        if declared.is_empty() {
            return Ok(None);
        }
        let folded = "SELECT folded FROM manifest WHERE only_row = 1";
        let folded: i64 = bounded(lead.client().query_one(folded, &[])).await?.get(0);
        let dead = bounded(lead.client().query(DEAD, &[&0_i64, &folded])).await?;
        let dead = dead.iter().map(|row| row.get(0)).collect();
        let sources = Sources::Declared { folded: narrow(folded)?, dead, declared };
        Self::open(lead, 0, (1, folded), sources).await.map(Some)
    }

    /// Step 1, for the oldest live folds of a level that has enough of them; `None` where none has.
    pub(crate) async fn of_folds(lead: &Lead, options: &FoldOptions) -> Result<Option<Self>, StepError> {
        let rows = bounded(lead.client().query(TO_MERGE, &[&options.merge.max(2)])).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
        let level: i64 = first.get(1);
        let batches = (first.get(2), last.get(3));
        let declared = Declared::of_folds(lead).await?;
        let declared = declared.iter().map(|declaration| declaration.number).collect();
        let sources = Sources::Folds { folds: rows.iter().map(|row| row.get(0)).collect(), declared };
        Self::open(lead, level + 1, batches, sources).await.map(Some)
    }

    async fn open(
        lead: &Lead,
        level: i64,
        (from, to): (i64, i64),
        sources: Sources,
    ) -> Result<Self, StepError> {
        let opened = bounded(lead.client().query_opt(OPEN, &[&lead.epoch(), &level, &from, &to])).await?;
        let number: i64 = opened.ok_or(StepError::Fenced)?.get(0);
        Ok(Self { number: narrow(number)?, sources })
    }

    /// What step 2 asks of each shard, in any order.
    pub(crate) fn statements(&self, clicks: &Clicks) -> Vec<String> {
        let (schema, number) = (clicks.schema(), self.number);
        match &self.sources {
            Sources::Batches { folded, upto, dead, times, declared } => {
                let batches = Batches { folded: *folded, applied: *upto, dead, times: *times };
                let of_all = Kind::every().map(|kind| fold(schema, kind, number, batches));
                of_all.chain(fold_declared(schema, declared, number, batches)).collect()
            }
            Sources::Declared { folded, dead, declared } => {
                let batches = Batches { folded: 0, applied: *folded, dead, times: None };
                fold_declared(schema, declared, number, batches)
            }
            Sources::Folds { folds, declared } => {
                let of_all = Kind::every().map(|kind| merge(schema, kind, number, folds));
                let declared = Some(declared).filter(|declared| !declared.is_empty());
                of_all.chain(declared.map(|numbers| merge_declared(schema, numbers, number, folds))).collect()
            }
        }
    }

    /// Step 3, when every shard has answered every statement: from here on every question counts the fold in place of its
    /// sources. All of it or nothing, and nothing for one that leads no more.
    pub(crate) async fn live(self, lead: &mut Lead, now_ms: i64) -> Result<(), StepError> {
        let (epoch, number) = (lead.epoch(), i64::from(self.number));
        let transaction = lead.transaction().await?;
        let mut is_whole = bounded(transaction.execute(LIVE, &[&number])).await? == 1;
        match &self.sources {
            Sources::Batches { folded, upto, .. } => {
                let (folded, upto) = (i64::from(*folded), i64::from(*upto));
                let moved = bounded(transaction.execute(FOLDED, &[&epoch, &folded, &upto])).await?;
                is_whole &= moved == 1;
            }
            Sources::Declared { folded, declared, .. } => {
                let folded = i64::from(*folded);
                let unmoved = bounded(transaction.execute(FOLDED, &[&epoch, &folded, &folded])).await?;
                is_whole &= unmoved == 1;
                // One that was removed meanwhile is not there, and nobody asks for its number.
                let numbers = declared.iter().map(|one| i64::try_from(one.number));
                let numbers = numbers.collect::<Result<Vec<i64>, _>>().map_err(|_| Fault::Overflow)?;
                bounded(transaction.execute(HAS_FOLD, &[&number, &numbers])).await?;
            }
            Sources::Folds { folds, .. } => {
                let retired = bounded(transaction.execute(RETIRE, &[folds, &now_ms])).await?;
                is_whole &= usize::try_from(retired) == Ok(folds.len());
            }
        }
        let named = bounded(transaction.execute(NAME, &[&epoch])).await?;
        if !is_whole || named != 1 {
            return Err(StepError::Fenced);
        }
        bounded(transaction.commit()).await
    }

    /// In place of step 3: some of it may be in ClickHouse, and none of it ever counts.
    pub(crate) async fn give_up(self, lead: &Lead) -> Result<(), StepError> {
        let number = i64::from(self.number);
        bounded(lead.client().execute(GIVE_UP, &[&number])).await?;
        Ok(())
    }
}

/// Opens a fold that is not made of what is here: the totals of a directory that is moved. It is of a level that nothing
/// else is of, so it stays as it is.
pub(super) async fn open_given(lead: &Lead) -> Result<u32, StepError> {
    let opened =
        bounded(lead.client().query_opt(OPEN, &[&lead.epoch(), &GIVEN_LEVEL, &0_i64, &0_i64])).await?;
    Ok(narrow(opened.ok_or(StepError::Fenced)?.get(0))?)
}

/// Such a fold counts from the commit of this transaction on, which has to write [`NAME`] as well.
pub(super) async fn live_given(transaction: &Transaction<'_>, number: u32) -> Result<(), StepError> {
    let live = bounded(transaction.execute(LIVE, &[&i64::from(number)])).await?;
    if live == 1 { Ok(()) } else { Err(StepError::Fenced) }
}

fn narrow(number: i64) -> Result<u32, Fault> {
    u32::try_from(number).map_err(|_| Fault::Overflow)
}

/// Runs the statements of a fold on one shard.
pub(crate) async fn insert(clicks: &Clicks, shard: usize, statements: Vec<String>) -> ClickResult<()> {
    for statement in statements {
        clicks.command(shard, statement, ADD_UP).await?;
    }
    Ok(())
}

/// What one look at folds did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folding {
    /// Nothing is due.
    Nothing,
    /// A fold was begun; whether every batch that was applied is then folded.
    Began { all: bool },
    /// Shards are still adding up.
    Working,
    /// A fold is live.
    Live,
}

/// A fold, and the shards that are at it.
struct AtWork {
    fold: OpenFold,
    /// Given up when this is dropped; a shard may go on for a while, for a number that is dead by then.
    shards: JoinSet<ClickResult<()>>,
}

/// Makes folds, one at a time, for one that leads.
pub(crate) struct Folder {
    clicks: Arc<Clicks>,
    options: FoldOptions,
    at_work: Option<AtWork>,
}

impl Folder {
    pub(crate) fn new(clicks: Arc<Clicks>, options: FoldOptions) -> Self {
        Self { clicks, options, at_work: None }
    }

    /// Goes on by a step, without waiting for a shard: begins what is due (all that is not folded, where that is `wanted`
    /// now), or ends what every shard has done. An error that does not end leading left nothing open: it may be tried again.
    pub(crate) async fn step(
        &mut self,
        lead: &mut Lead,
        wanted: bool,
        now_ms: i64,
    ) -> Result<Folding, StepError> {
        let Some(mut work) = self.at_work.take() else {
            return self.begin(lead, wanted, now_ms).await;
        };
        while let Some(done) = work.shards.try_join_next() {
            let done = match done {
                Ok(done) => done.map_err(StepError::from),
                Err(error) => Err(Fault::from(failed(format!("a fold did not end well: {error}"))).into()),
            };
            if let Err(error) = done {
                work.fold.give_up(lead).await?;
                return Err(error);
            }
        }
        if work.shards.is_empty() {
            work.fold.live(lead, now_ms).await?;
            return Ok(Folding::Live);
        }
        self.at_work = Some(work);
        Ok(Folding::Working)
    }

    async fn begin(&mut self, lead: &Lead, wanted: bool, now_ms: i64) -> Result<Folding, StepError> {
        let of_batches = OpenFold::of_batches(lead, &self.options, wanted, now_ms).await?;
        let mut fold = of_batches;
        if fold.is_none() {
            fold = OpenFold::of_declared(lead).await?;
        }
        if fold.is_none() {
            fold = OpenFold::of_folds(lead, &self.options).await?;
        }
        let Some(fold) = fold else { return Ok(Folding::Nothing) };
        let all = match &fold.sources {
            Sources::Batches { upto, .. } => {
                let row = bounded(lead.client().query_one("SELECT applied FROM manifest", &[])).await?;
                row.get::<_, i64>(0) == i64::from(*upto)
            }
            Sources::Declared { .. } | Sources::Folds { .. } => true,
        };
        let mut shards = JoinSet::new();
        for shard in 0..self.clicks.shards() {
            let (clicks, statements) = (self.clicks.clone(), fold.statements(&self.clicks));
            shards.spawn(async move { insert(&clicks, shard, statements).await });
        }
        self.at_work = Some(AtWork { fold, shards });
        Ok(Folding::Began { all })
    }

    /// Step 4: drops rollups that no question names any more; answers how many partitions went.
    ///
    /// What a shard has is read before what is needed: so a fold that was opened in between is not taken for an unknown one,
    /// and what was dead or unknown then is so for ever. A leader that was stopped in the middle drops nothing else either.
    pub(crate) async fn drop_old(&self, lead: &Lead, now_ms: i64) -> Result<usize, StepError> {
        let until_ms = now_ms - milliseconds(self.options.keep_retired);
        bounded(lead.client().execute(RETIRED_LONG, &[&until_ms, &lead.epoch()])).await?;
        let mut there = Vec::new();
        for shard in 0..self.clicks.shards() {
            there.push(lead.while_leading(self.partitions(shard)).await??);
        }
        let needed = "SELECT id FROM fold WHERE state IN ('open', 'live', 'retired')";
        let needed = bounded(lead.client().query(needed, &[])).await?;
        let needed: BTreeSet<i64> = needed.iter().map(|row| row.get(0)).collect();
        let mut dropped = 0;
        for (shard, folds) in there.iter().enumerate() {
            for fold in folds.iter().filter(|fold| !needed.contains(&i64::from(**fold))) {
                let table = self.clicks.schema().local("rollup");
                let drop = format!("ALTER TABLE {table} DROP PARTITION {fold}");
                lead.while_leading(self.clicks.command(shard, drop, DROP)).await??;
                dropped += 1;
            }
        }
        // Should a late insert bring one of these back, it is of no known fold and goes as well.
        let found: Vec<i64> = there.iter().flatten().map(|fold| i64::from(*fold)).collect();
        let forget = "DELETE FROM fold WHERE state = 'dead' AND id <> ALL($1)";
        bounded(lead.client().execute(forget, &[&found])).await?;
        Ok(dropped)
    }

    /// The folds of which a shard has rollups.
    async fn partitions(&self, shard: usize) -> Result<Vec<u32>, StepError> {
        let database = self.clicks.schema().database();
        let sql = format!(
            "SELECT DISTINCT partition FROM system.parts WHERE database = '{database}' AND table = 'rollup' AND active \
             FORMAT TabSeparated"
        );
        Ok(numbers(&self.clicks.ask_shard(shard, sql, DROP).await?)?)
    }
}
