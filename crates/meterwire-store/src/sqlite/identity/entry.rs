//! Entries of the index, and how a block of them is stored.

use crate::error::{Fault, Work};

/// One event: the hash of its identity and its number. In the order of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) hash: u64,
    pub(crate) seq: i64,
}

impl Entry {
    /// Of the hash as it is in an event's row.
    pub(crate) fn of(identity: i64, seq: i64) -> Self {
        Self { hash: identity.cast_unsigned(), seq }
    }
}

/// Makes a block of entries that come in order. Hashes are kept as differences, everything as integers of variable
/// length: ten to eleven bytes an entry.
#[derive(Default)]
pub(super) struct BlockMaker {
    bytes: Vec<u8>,
    first: Option<u64>,
    last: u64,
}

impl BlockMaker {
    pub(super) fn push(&mut self, entry: Entry) {
        put(&mut self.bytes, entry.hash.wrapping_sub(self.last));
        put(&mut self.bytes, entry.seq.cast_unsigned());
        self.first.get_or_insert(entry.hash);
        self.last = entry.hash;
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The hash of its last entry.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The hash of the first entry and the stored form; `None` of an empty block. It is empty afterwards.
    pub(super) fn take(&mut self) -> Option<(u64, Vec<u8>)> {
        let first = self.first.take()?;
        self.last = 0;
        Some((first, std::mem::take(&mut self.bytes)))
    }
}

/// The entries of a stored block, in order.
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    hash: u64,
}

impl<'a> Block<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, hash: 0 }
    }

    pub(super) fn next_entry(&mut self) -> Work<Option<Entry>> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let difference = get(&mut self.bytes).ok_or_else(damaged)?;
        let seq = get(&mut self.bytes).ok_or_else(damaged)?.cast_signed();
        self.hash = self.hash.checked_add(difference).ok_or_else(damaged)?;
        Ok(Some(Entry { hash: self.hash, seq }))
    }
}

/// A run is not as it was written.
pub(super) fn damaged() -> Fault {
    Fault::Damaged("a part of the index of identities is damaged; run meterwire doctor --repair".to_owned())
}

/// Seven bits a byte, the low ones first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn get(bytes: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(bytes: &[u8]) -> Work<Vec<Entry>> {
        let mut block = Block::new(bytes);
        std::iter::from_fn(|| block.next_entry().transpose()).collect()
    }

    proptest! {
        #[test]
        fn a_block_holds_what_was_put_into_it(mut pairs in prop::collection::vec((any::<u64>(), any::<i64>()), 1..200)) {
            pairs.sort_unstable();
            let mut maker = BlockMaker::default();
            pairs.iter().for_each(|&(hash, seq)| maker.push(Entry { hash, seq }));
            let (first, bytes) = maker.take().unwrap();
            prop_assert_eq!(first, pairs[0].0);
            let read: Vec<_> = entries(&bytes).unwrap().iter().map(|entry| (entry.hash, entry.seq)).collect();
            prop_assert_eq!(read, pairs);
            prop_assert!(maker.take().is_none());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = entries(&bytes);
        }
    }

    #[test]
    fn a_block_that_was_cut_is_told_of() {
        let mut maker = BlockMaker::default();
        maker.push(Entry { hash: u64::MAX, seq: 300 });
        let (_, bytes) = maker.take().unwrap();
        for length in 1..bytes.len() {
            assert!(entries(&bytes[..length]).is_err(), "{length}");
        }
    }
}
