//! A merge: several runs become one, a slice at a time.

use super::run::{Merged, Run, RunWriter};
use crate::error::Work;
use rusqlite::Connection;

/// Two bits of size are one tier: a run of the next holds about four times as many entries.
const BITS_PER_TIER: u32 = 2;
/// So many runs of a tier are merged into one of the next: an entry is written once a tier, and a look-up meets at most
/// three runs of each. With blocks as small as they are, writing is the cheaper of the two.
pub(super) const FAN_IN: usize = 1 << BITS_PER_TIER;

/// How large a run is, in tiers; the newest runs have 0.
pub(super) fn tier(entries: u64, newest: usize) -> u32 {
    (entries / newest.max(1) as u64).max(1).ilog2() / BITS_PER_TIER
}

pub(super) struct Merge {
    pub(super) tier: u32,
    /// The numbers of the runs that are merged.
    pub(super) sources: Vec<i64>,
    merged: Merged,
    writer: RunWriter,
    /// Events below this one are gone, and so are their entries.
    oldest_seq: i64,
}

impl Merge {
    pub(super) fn begin(
        connection: &Connection,
        number: i64,
        sources: &[&Run],
        tier: u32,
        oldest_seq: i64,
    ) -> Work<Self> {
        let entries = sources.iter().map(|run| run.entries).sum();
        let sources: Vec<i64> = sources.iter().map(|run| run.number).collect();
        let merged = Merged::of(&sources);
        Ok(Self { tier, sources, merged, writer: RunWriter::begin(connection, number, entries)?, oldest_seq })
    }

    /// The number of the run that grows.
    pub(super) fn number(&self) -> i64 {
        self.writer.number
    }

    /// Moves at most so many entries; answers how many, and whether those were the last.
    pub(super) fn step(&mut self, connection: &Connection, entries: u64) -> Work<(u64, bool)> {
        for moved in 0..entries {
            let Some(entry) = self.merged.next_entry(connection)? else { return Ok((moved, true)) };
            if entry.seq >= self.oldest_seq {
                self.writer.push(connection, entry)?;
            }
        }
        Ok((entries, false))
    }

    /// The new run takes the place of its sources, all in the caller's transaction.
    pub(super) fn finish(self, connection: &Connection) -> Work<Run> {
        for run in &self.sources {
            leave(connection, *run)?;
        }
        self.writer.finish(connection)
    }
}

/// The run is asked no more; what it holds is deleted later.
pub(super) fn leave(connection: &Connection, run: i64) -> Work<()> {
    connection.prepare_cached(include_str!("../../../sql/sqlite/identity/leave_run.sql"))?.execute([run])?;
    Ok(())
}
