//! Runs: sorted entries in the database, written once from front to back, asked through their filter, read in order.

use super::entry::{Block, BlockMaker, Entry, damaged};
use super::filter::Filter;
use crate::error::Work;
use rusqlite::{Connection, OptionalExtension, params};

/// Bytes at which a block is full: with its last entry it still fits a page of 4 KiB, which holds 4,057.
const FULL_BLOCK: usize = 4_000;
/// Bits of a key below the run.
const LOWER_BITS: u32 = 43;
const LOWER: i64 = (1 << LOWER_BITS) - 1;
/// The largest number of a run that fits a key.
pub(super) const LAST_RUN: i64 = (1 << 20) - 1;
/// A part of a filter is as many pages as so many blocks.
const BLOCKS_PER_PART: u64 = 16;

/// A run that can be asked.
pub(super) struct Run {
    pub(super) number: i64,
    pub(super) entries: u64,
    pub(super) first_seq: i64,
    pub(super) last_seq: i64,
    pub(super) filter: Filter,
}

fn first_key(run: i64) -> i64 {
    run << LOWER_BITS
}

fn last_key(run: i64) -> i64 {
    first_key(run) | LOWER
}

/// What of a hash is in the key of a block. Hashes with the same prefix are always in one block.
fn prefix(hash: u64) -> i64 {
    (hash >> (64 - LOWER_BITS)).cast_signed()
}

impl Run {
    /// Adds the numbers of the events with this hash.
    pub(super) fn find(&self, connection: &Connection, hash: u64, found: &mut Vec<i64>) -> Work<()> {
        if self.filter.may_hold(hash) { probe(connection, self.number, hash, found) } else { Ok(()) }
    }

    /// Takes the filter from the database; `None` where it is not all there.
    pub(super) fn read_filter(connection: &Connection, run: i64, lines: u64) -> Work<Option<Filter>> {
        let mut filter = Filter::growing(lines);
        let mut statement =
            connection.prepare_cached(include_str!("../../../sql/sqlite/identity/read_filter.sql"))?;
        let mut rows = statement.query([first_key(run), last_key(run)])?;
        while let Some(row) = rows.next()? {
            if !filter.push_row(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?) {
                return Ok(None);
            }
        }
        Ok(filter.is_complete().then_some(filter))
    }
}

/// Adds the numbers of the events with this hash that the run holds, without a filter.
pub(super) fn probe(connection: &Connection, run: i64, hash: u64, found: &mut Vec<i64>) -> Work<()> {
    connection
        .prepare_cached(include_str!("../../../sql/sqlite/identity/probe.sql"))?
        .query_row([first_key(run), first_key(run) | prefix(hash)], |row| {
            Ok(seqs_in(row.get_ref(0)?.as_blob()?, hash, found))
        })
        .optional()?
        .unwrap_or(Ok(()))
}

fn seqs_in(block: &[u8], hash: u64, found: &mut Vec<i64>) -> Work<()> {
    let mut block = Block::new(block);
    while let Some(entry) = block.next_entry()? {
        if entry.hash > hash {
            break;
        }
        if entry.hash == hash {
            found.push(entry.seq);
        }
    }
    Ok(())
}

/// Writes a run, of entries that come in order.
pub(super) struct RunWriter {
    pub(super) number: i64,
    entries: u64,
    first_seq: i64,
    last_seq: i64,
    block: BlockMaker,
    filter: Filter,
    stored_parts: usize,
}

impl RunWriter {
    /// Begins a run of at most so many entries.
    pub(super) fn begin(connection: &Connection, number: i64, entries: u64) -> Work<Self> {
        let lines = Filter::lines_for(entries);
        connection
            .prepare_cached(include_str!("../../../sql/sqlite/identity/insert_run.sql"))?
            .execute(params![number, lines.cast_signed()])?;
        Ok(Self {
            number,
            entries: 0,
            first_seq: i64::MAX,
            last_seq: i64::MIN,
            block: BlockMaker::default(),
            filter: Filter::growing(lines),
            stored_parts: 0,
        })
    }

    pub(super) fn push(&mut self, connection: &Connection, entry: Entry) -> Work<()> {
        if self.block.len() >= FULL_BLOCK && prefix(entry.hash) != prefix(self.block.last()) {
            self.store_block(connection)?;
        }
        self.block.push(entry);
        self.entries += 1;
        self.first_seq = self.first_seq.min(entry.seq);
        self.last_seq = self.last_seq.max(entry.seq);
        let complete = self.filter.add(entry.hash);
        self.store_parts(connection, complete)
    }

    /// Makes it whole: from now on it may be asked.
    pub(super) fn finish(mut self, connection: &Connection) -> Work<Run> {
        self.store_block(connection)?;
        self.filter.complete();
        self.store_parts(connection, self.filter.part_count())?;
        let Self { number, entries, first_seq, last_seq, filter, .. } = self;
        connection
            .prepare_cached(include_str!("../../../sql/sqlite/identity/finish_run.sql"))?
            .execute(params![entries.cast_signed(), first_seq, last_seq, number])?;
        Ok(Run { number, entries, first_seq, last_seq, filter })
    }

    fn store_block(&mut self, connection: &Connection) -> Work<()> {
        if let Some((first, bytes)) = self.block.take() {
            connection
                .prepare_cached(include_str!("../../../sql/sqlite/identity/insert_block.sql"))?
                .execute(params![first_key(self.number) | prefix(first), bytes])?;
        }
        Ok(())
    }

    fn store_parts(&mut self, connection: &Connection, complete: usize) -> Work<()> {
        while self.stored_parts < complete {
            let key = first_key(self.number) | (self.stored_parts as i64);
            connection
                .prepare_cached(include_str!("../../../sql/sqlite/identity/insert_filter.sql"))?
                .execute(params![key, self.filter.part_to_row(self.stored_parts)])?;
            self.stored_parts += 1;
        }
        Ok(())
    }
}

/// Writes a whole run at once.
pub(super) fn write(connection: &Connection, number: i64, entries: &[Entry]) -> Work<Run> {
    let mut writer = RunWriter::begin(connection, number, entries.len() as u64)?;
    for entry in entries {
        writer.push(connection, *entry)?;
    }
    writer.finish(connection)
}

/// Complains of a whole run that look-ups would miss something of.
pub(super) fn check(connection: &Connection, run: i64) -> Work<()> {
    let (entries, lines): (i64, i64) = connection
        .prepare_cached(include_str!("../../../sql/sqlite/identity/one_run.sql"))?
        .query_row([run], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let filter = Run::read_filter(connection, run, lines.cast_unsigned())?.ok_or_else(damaged)?;
    let mut found = 0;
    let mut merged = Merged::of(&[run]);
    while let Some(entry) = merged.next_entry(connection)? {
        found += 1;
        if !filter.may_hold(entry.hash) {
            return Err(damaged());
        }
    }
    if found == entries { Ok(()) } else { Err(damaged()) }
}

/// Deletes about so many blocks of a run; answers for how many it counts, and whether nothing is left.
pub(super) fn delete_some(connection: &Connection, run: i64, blocks: u64) -> Work<(u64, bool)> {
    let delete = |sql: &str, limit: u64| -> Work<u64> {
        let range = params![first_key(run), last_key(run), limit.cast_signed()];
        Ok(connection.prepare_cached(sql)?.execute(range)? as u64)
    };
    let limit = blocks.div_ceil(BLOCKS_PER_PART);
    let parts = delete(include_str!("../../../sql/sqlite/identity/delete_filter.sql"), limit)?;
    if parts == limit {
        return Ok((blocks, false));
    }
    let deleted = delete(include_str!("../../../sql/sqlite/identity/delete_blocks.sql"), blocks)?;
    let is_over = deleted < blocks;
    if is_over {
        connection
            .prepare_cached(include_str!("../../../sql/sqlite/identity/delete_run.sql"))?
            .execute([run])?;
    }
    Ok((deleted.max(1), is_over))
}

/// Reads a run from front to back, a block at a time.
struct RunReader {
    run: i64,
    next_key: i64,
    /// Entries in order, the next one last.
    waiting: Vec<Entry>,
}

impl RunReader {
    /// The next entry without taking it.
    fn peek(&mut self, connection: &Connection) -> Work<Option<Entry>> {
        if self.waiting.is_empty() && self.next_key <= last_key(self.run) {
            self.fill(connection)?;
        }
        Ok(self.waiting.last().copied())
    }

    fn fill(&mut self, connection: &Connection) -> Work<()> {
        let waiting = &mut self.waiting;
        let read = connection
            .prepare_cached(include_str!("../../../sql/sqlite/identity/next_block.sql"))?
            .query_row([self.next_key, last_key(self.run)], |row| {
                Ok((row.get::<_, i64>(0)?, entries_in(row.get_ref(1)?.as_blob()?, waiting)))
            })
            .optional()?;
        let Some((key, read)) = read else {
            self.next_key = i64::MAX;
            return Ok(());
        };
        read?;
        let starts_at = self.waiting.last().map(|first| first_key(self.run) | prefix(first.hash));
        let ends_at = self.waiting.first().map(|last| first_key(self.run) | prefix(last.hash));
        if starts_at != Some(key) {
            return Err(damaged());
        }
        // What follows begins after this, so a block that overlaps is not found, and told of by the doctor.
        self.next_key = ends_at.map_or(i64::MAX, |last| last.saturating_add(1));
        Ok(())
    }
}

fn entries_in(bytes: &[u8], waiting: &mut Vec<Entry>) -> Work<()> {
    let mut block = Block::new(bytes);
    while let Some(entry) = block.next_entry()? {
        waiting.push(entry);
    }
    waiting.reverse();
    Ok(())
}

/// The entries of several runs in one order, each once.
pub(crate) struct Merged {
    readers: Vec<RunReader>,
    last: Option<Entry>,
}

impl Merged {
    pub(super) fn of(runs: &[i64]) -> Self {
        let reader = |run: &i64| RunReader { run: *run, next_key: first_key(*run), waiting: Vec::new() };
        Self { readers: runs.iter().map(reader).collect(), last: None }
    }

    /// With entries that are in no run.
    pub(super) fn with(mut self, mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable_by(|a, b| b.cmp(a));
        // A reader without a run, whose entries are there already.
        self.readers.push(RunReader { run: 0, next_key: i64::MAX, waiting: entries });
        self
    }

    pub(crate) fn next_entry(&mut self, connection: &Connection) -> Work<Option<Entry>> {
        loop {
            let mut smallest: Option<(Entry, usize)> = None;
            for (i, reader) in self.readers.iter_mut().enumerate() {
                if let Some(entry) = reader.peek(connection)?
                    && smallest.is_none_or(|(other, _)| entry < other)
                {
                    smallest = Some((entry, i));
                }
            }
            let Some((entry, i)) = smallest else { return Ok(None) };
            self.readers[i].waiting.pop();
            if self.last != Some(entry) {
                self.last = Some(entry);
                return Ok(Some(entry));
            }
        }
    }
}
