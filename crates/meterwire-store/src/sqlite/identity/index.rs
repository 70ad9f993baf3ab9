//! The index as the writer works with it: look-ups, new entries, and what has to be tended.

use super::entry::Entry;
use super::filter::Filter;
use super::merge::{self, FAN_IN, Merge};
use super::recent::Recent;
use super::run::{self, LAST_RUN, Run};
use crate::error::{Fault, Work};
use rusqlite::{Connection, OptionalExtension};
use std::sync::Arc;

/// Entries of the newest generation. They fill less than 2^17 places of a hash table (2.2 MB) together with a group of
/// usual size, are sealed within about 15 ms, and as many rows of events are read at a start in about 40 ms.
pub(crate) const NEWEST: usize = 96 * 1024;
/// Entries that are sorted and sealed as one where many are missing: 64 MB.
const BULK: usize = 4 << 20;
/// The most entries that are merged for each event appended. An entry is merged once a tier and then deleted: a billion
/// events are seven tiers and come to nine, so that merges never fall behind.
const DUE_PER_EVENT: u64 = 16;
/// Less than this is put off: a slice reads and writes at least a few blocks.
const SMALLEST_SLICE: u64 = 4_096;
/// The most entries merged in one transaction, about 10 ms.
const LARGEST_SLICE: u64 = 128 * 1024;
/// The entries merged at once when nothing else is to do: whoever comes meanwhile waits 3 ms.
const IDLE_SLICE: u64 = 32 * 1024;
/// Deleting a block costs about as much as merging so many entries.
const ENTRIES_PER_DELETED_BLOCK: u64 = 64;

pub(crate) struct IdentityIndex {
    recent: Arc<Recent>,
    newest: usize,
    /// Whole runs, in no order that matters.
    runs: Vec<Run>,
    merges: Vec<Merge>,
    /// Runs whose rows are still to be deleted.
    leaving: Vec<i64>,
    /// Events up to this one are in runs.
    sealed_seq: i64,
    /// The largest number that was met in a committed transaction.
    last_seq: i64,
    loaded: Loaded,
    running: Running,
    /// Entries that may be merged for the events appended so far.
    due: u64,
    /// Nothing is tended without new events, since the last try failed.
    is_paused: bool,
    /// No more merges: a block cannot be read.
    is_damaged: bool,
}

/// How much of what is on disk memory knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loaded {
    Nothing,
    /// The runs, but not what is in none.
    Runs,
    All,
}

/// What the running transaction has changed.
#[derive(Default)]
struct Running {
    /// New entries, and how many of them before the savepoint.
    added: Vec<Entry>,
    added_before_savepoint: usize,
    /// Runs were changed: were the transaction undone, memory would be ahead of the disk.
    is_ahead: bool,
    /// The newest generation was sealed.
    is_sealed: bool,
}

impl IdentityIndex {
    /// Empty until [`Self::ready`] is called.
    pub(crate) fn new(newest: usize) -> Self {
        Self {
            recent: Arc::default(),
            newest: newest.max(1),
            runs: Vec::new(),
            merges: Vec::new(),
            leaving: Vec::new(),
            sealed_seq: 0,
            last_seq: 0,
            loaded: Loaded::Nothing,
            running: Running::default(),
            due: 0,
            is_paused: false,
            is_damaged: false,
        }
    }

    /// The newest generation, for those who only look.
    pub(crate) fn recent(&self) -> Arc<Recent> {
        self.recent.clone()
    }

    /// The numbers of the events with this hash, in order. Each is compared with its row: one may be gone by now.
    pub(super) fn find(&self, connection: &Connection, hash: u64) -> Work<Vec<i64>> {
        let mut found = Vec::new();
        self.recent.find(hash, &mut found);
        for run in &self.runs {
            run.find(connection, hash, &mut found)?;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Takes in an event that was inserted.
    pub(crate) fn add(&mut self, identity: i64, seq: i64) {
        let entry = Entry::of(identity, seq);
        self.recent.add(entry);
        self.running.added.push(entry);
    }

    /// Another program may have changed events. Nobody else writes runs.
    pub(crate) fn invalidate(&mut self) {
        self.loaded = self.loaded.min(Loaded::Runs);
    }

    pub(crate) fn begin_savepoint(&mut self) {
        self.running.added_before_savepoint = self.running.added.len();
    }

    pub(crate) fn roll_back_to_savepoint(&mut self) {
        self.undo(self.running.added_before_savepoint);
    }

    pub(crate) fn roll_back(&mut self) {
        if self.running.is_ahead {
            self.running.added.clear();
            (self.loaded, self.is_paused) = (Loaded::Nothing, true);
        }
        self.undo(0);
        (self.running.is_ahead, self.running.is_sealed) = (false, false);
    }

    fn undo(&mut self, kept: usize) {
        for entry in self.running.added.drain(kept.min(self.running.added.len())..) {
            self.recent.remove(entry);
        }
    }

    /// The transaction is on disk.
    pub(crate) fn committed(&mut self) {
        if self.running.is_sealed {
            // Not earlier: a reader's snapshot would not have had the run.
            self.recent.clear();
        }
        if self.loaded == Loaded::All {
            self.recent.set_whole(true);
        }
        if let Some(last) = self.running.added.last() {
            self.last_seq = last.seq;
            self.is_paused = false;
            self.running.added.clear();
        }
        (self.running.is_ahead, self.running.is_sealed) = (false, false);
    }

    /// Gives back memory when nothing is written.
    pub(crate) fn shrink(&mut self) {
        self.running.added = Vec::new();
        self.recent.shrink(self.newest);
    }

    /// Reads what there is, inside a transaction; nothing where that was done before. It fills the newest generation
    /// from the events that are in no run.
    pub(crate) fn ready(&mut self, connection: &Connection) -> Work<()> {
        if self.loaded == Loaded::Nothing {
            self.read_runs(connection)?;
            self.loaded = Loaded::Runs;
        }
        if self.loaded == Loaded::Runs {
            self.catch_up(connection)?;
            self.loaded = Loaded::All;
        }
        Ok(())
    }

    fn read_runs(&mut self, connection: &Connection) -> Work<()> {
        let mut known = std::mem::take(&mut self.runs);
        (self.merges, self.leaving) = (Vec::new(), Vec::new());
        (self.sealed_seq, _) = mark(connection)?;
        let mut statement =
            connection.prepare_cached(include_str!("../../../sql/sqlite/identity/runs.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, state): (i64, i64) = (row.get(0)?, row.get(1)?);
            if state != 1 {
                // One that was growing is made again from its sources, which are still there.
                self.leaving.push(number);
                continue;
            }
            let mut run = Run {
                number,
                entries: row.get::<_, i64>(2)?.cast_unsigned(),
                first_seq: row.get(3)?,
                last_seq: row.get(4)?,
                filter: Filter::of_anything(),
            };
            let lines = row.get::<_, i64>(5)?.cast_unsigned();
            let same = |known: &Run| {
                let key = |run: &Run| (run.number, run.entries, run.first_seq, run.last_seq);
                key(known) == key(&run)
            };
            if let Some(place) = known.iter().position(same) {
                run.filter = known.swap_remove(place).filter;
            } else if let Some(filter) = Run::read_filter(connection, number, lines)? {
                run.filter = filter;
            } else {
                tracing::warn!(
                    run = number,
                    "the filter of a run of identities cannot be read; look-ups are slower until meterwire doctor --repair"
                );
            }
            self.runs.push(run);
        }
        Ok(())
    }

    /// Takes in the events that are in no run. Where those are many, they are sealed.
    fn catch_up(&mut self, connection: &Connection) -> Work<()> {
        let mut statement =
            connection.prepare_cached(include_str!("../../../sql/sqlite/identity/unsealed.sql"))?;
        let mut rows = statement.query([self.sealed_seq])?;
        let mut missing = Vec::new();
        while let Some(row) = rows.next()? {
            missing.push(Entry::of(row.get(1)?, row.get(0)?));
            if missing.len() >= BULK.max(self.newest) {
                self.seal(connection, &mut missing)?;
                missing.clear();
            }
        }
        if missing.len() > self.newest {
            self.seal(connection, &mut missing)?;
            missing.clear();
        }
        if self.running.is_ahead {
            // Readers see the runs with the commit, which is to come.
            self.recent.set_whole(false);
        }
        self.recent.replace(&missing);
        self.last_seq = missing.last().map_or(self.sealed_seq, |last| last.seq);
        Ok(())
    }

    /// Writes entries as a run.
    fn seal(&mut self, connection: &Connection, entries: &mut [Entry]) -> Work<()> {
        entries.sort_unstable();
        let Some(last_seq) = entries.iter().map(|entry| entry.seq).max() else { return Ok(()) };
        self.running.is_ahead = true;
        let run = run::write(connection, self.next_number()?, entries)?;
        self.runs.push(run);
        connection
            .prepare_cached(include_str!("../../../sql/sqlite/identity/set_mark.sql"))?
            .execute([last_seq])?;
        self.sealed_seq = last_seq;
        Ok(())
    }

    /// The last thing in a transaction: seals the newest generation where it is full and goes on with merges, as far as
    /// the events of the transaction pay for it, or for a slice where there are none.
    pub(crate) fn tend(&mut self, connection: &Connection) -> Work<()> {
        self.notice_reuse(connection)?;
        if self.recent.len() >= self.newest {
            self.seal(connection, &mut self.recent.sorted())?;
            self.running.is_sealed = true;
            self.drop_old_runs(connection)?;
        }
        if !self.has_work() {
            self.due = 0;
            return Ok(());
        }
        let idle = self.running.added.is_empty();
        self.due += self.running.added.len() as u64 * DUE_PER_EVENT;
        let slice = if idle { IDLE_SLICE } else { self.due.min(LARGEST_SLICE) };
        if slice < SMALLEST_SLICE.min(self.newest as u64) {
            return Ok(());
        }
        self.running.is_ahead = true;
        let spent = self.delete_leaving(connection, if self.has_merges() { slice / 4 } else { slice })?;
        let spent = spent + self.merge(connection, slice.saturating_sub(spent))?;
        self.due = self.due.saturating_sub(spent);
        Ok(())
    }

    /// Where the newest events were removed, SQLite gives out their numbers again. Such an event must not count as
    /// sealed, or the next start would not find it, and what was in memory of those numbers is of events that are gone.
    fn notice_reuse(&mut self, connection: &Connection) -> Work<()> {
        let is_new = |entry: &Entry| entry.seq > self.last_seq;
        if self.running.added.first().is_none_or(is_new)
            && self.running.added.is_sorted_by(|a, b| a.seq < b.seq)
        {
            return Ok(());
        }
        self.running.is_ahead = true;
        let lowest = self.running.added.iter().map(|entry| entry.seq).min().unwrap_or(i64::MAX);
        if lowest <= self.sealed_seq {
            self.sealed_seq = lowest - 1;
            connection
                .prepare_cached(include_str!("../../../sql/sqlite/identity/lower_mark.sql"))?
                .execute([self.sealed_seq])?;
        }
        self.catch_up(connection)
    }

    /// Runs of events that are all gone are not needed.
    fn drop_old_runs(&mut self, connection: &Connection) -> Work<()> {
        let oldest = oldest_seq(connection)?;
        let busy = self.busy();
        let old = |run: &mut Run| run.last_seq < oldest && !busy.contains(&run.number);
        for run in self.runs.extract_if(.., old) {
            merge::leave(connection, run.number)?;
            self.leaving.push(run.number);
        }
        Ok(())
    }

    /// Whether a transaction without events would have something to tend.
    pub(crate) fn has_work(&self) -> bool {
        self.loaded == Loaded::All && !self.is_paused && (!self.leaving.is_empty() || self.has_merges())
    }

    fn has_merges(&self) -> bool {
        !self.is_damaged && (!self.merges.is_empty() || self.next_merge().is_some())
    }

    fn delete_leaving(&mut self, connection: &Connection, entries: u64) -> Work<u64> {
        let mut spent = 0;
        while spent < entries
            && let Some(run) = self.leaving.last()
        {
            let blocks = (entries - spent).div_ceil(ENTRIES_PER_DELETED_BLOCK);
            let (deleted, is_over) = run::delete_some(connection, *run, blocks)?;
            spent += deleted * ENTRIES_PER_DELETED_BLOCK;
            if is_over {
                self.leaving.pop();
            }
        }
        Ok(spent)
    }

    /// Merges small runs first, since they are the ones that become many.
    fn merge(&mut self, connection: &Connection, entries: u64) -> Work<u64> {
        let mut spent = 0;
        while spent < entries && self.has_merges() {
            if let Some(tier) = self.next_merge()
                && self.merges.iter().all(|merge| merge.tier > tier)
            {
                self.begin_merge(connection, tier)?;
            }
            let Some(place) = (0..self.merges.len()).min_by_key(|i| self.merges[*i].tier) else { break };
            match self.merges[place].step(connection, entries - spent) {
                Ok((moved, is_over)) => {
                    spent += moved + 1;
                    if is_over {
                        self.finish_merge(connection, place)?;
                    }
                }
                Err(Fault::Damaged(what)) => self.give_up(connection, place, &what)?,
                Err(fault) => return Err(fault),
            }
        }
        Ok(spent)
    }

    /// The lowest tier with runs enough for a merge.
    fn next_merge(&self) -> Option<u32> {
        let busy = self.busy();
        let mut tiers: Vec<u32> = self
            .runs
            .iter()
            .filter(|run| !busy.contains(&run.number))
            .map(|run| merge::tier(run.entries, self.newest))
            .collect();
        tiers.sort_unstable();
        tiers.windows(FAN_IN).find(|window| window[0] == window[FAN_IN - 1]).map(|window| window[0])
    }

    /// The runs that are being merged.
    fn busy(&self) -> Vec<i64> {
        self.merges.iter().flat_map(|merge| &merge.sources).copied().collect()
    }

    fn begin_merge(&mut self, connection: &Connection, tier: u32) -> Work<()> {
        let (number, oldest, busy) = (self.next_number()?, oldest_seq(connection)?, self.busy());
        let sources: Vec<&Run> = self
            .runs
            .iter()
            .filter(|run| merge::tier(run.entries, self.newest) == tier && !busy.contains(&run.number))
            .collect();
        self.merges.push(Merge::begin(connection, number, &sources, tier, oldest)?);
        Ok(())
    }

    fn finish_merge(&mut self, connection: &Connection, place: usize) -> Work<()> {
        let merge = self.merges.swap_remove(place);
        self.runs.retain(|run| !merge.sources.contains(&run.number));
        self.leaving.extend(&merge.sources);
        self.runs.push(merge.finish(connection)?);
        Ok(())
    }

    /// What cannot be read cannot be merged. Look-ups go on in the runs there are.
    fn give_up(&mut self, connection: &Connection, place: usize, what: &str) -> Work<()> {
        tracing::error!(what, "runs of identities cannot be merged");
        let merge = self.merges.swap_remove(place);
        merge::leave(connection, merge.number())?;
        self.leaving.push(merge.number());
        self.is_damaged = true;
        Ok(())
    }

    /// A number that no run has, the next one as long as there is one: blocks are then added at the end of their table.
    fn next_number(&self) -> Work<i64> {
        let growing = self.merges.iter().map(Merge::number);
        let taken: Vec<i64> = self
            .runs
            .iter()
            .map(|run| run.number)
            .chain(self.leaving.iter().copied())
            .chain(growing)
            .collect();
        let next = taken.iter().max().map_or(1, |last| last + 1);
        let free = if next <= LAST_RUN { Some(next) } else { (1..=LAST_RUN).find(|n| !taken.contains(n)) };
        free.ok_or_else(|| Fault::Damaged("there are more runs of identities than can be".to_owned()))
    }

    /// Throws everything away and makes it again from the events, in the caller's transaction.
    pub(crate) fn rebuild(&mut self, connection: &Connection) -> Work<()> {
        self.running.is_ahead = true;
        self.loaded = Loaded::Nothing;
        connection.execute_batch(include_str!("../../../sql/sqlite/identity/reset.sql"))?;
        self.runs.clear();
        // What this transaction appended is read again with everything else.
        self.running.added.clear();
        self.is_damaged = false;
        self.ready(connection)
    }
}

/// Up to which event all are in runs, and whether numbers were given out again.
pub(super) fn mark(connection: &Connection) -> Work<(i64, bool)> {
    let mark = connection
        .prepare_cached(include_str!("../../../sql/sqlite/identity/mark.sql"))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    mark.ok_or_else(|| Fault::Damaged("the mark of the index of identities is not there".to_owned()))
}

fn oldest_seq(connection: &Connection) -> Work<i64> {
    let oldest: Option<i64> = connection
        .prepare_cached(include_str!("../../../sql/sqlite/identity/oldest.sql"))?
        .query_row([], |row| row.get(0))?;
    Ok(oldest.unwrap_or(i64::MIN))
}
