//! Filters: whether a run may hold a hash, from memory.
//!
//! A Bloom filter in lines of 64 bytes, so that a look-up costs one miss of the processor's cache. The line is chosen by
//! the upper bits of the hash, so a filter that is made of hashes in order is filled from front to back: it can be made
//! and stored in parts while a run grows.

/// Bits of memory for each entry. At ten, about one hash in ninety that is not there is looked for in vain.
const BITS_PER_ENTRY: u64 = 10;
const BITS_PER_LINE: u64 = 512;
/// Lines that are stored as one: 64 KiB.
const LINES_PER_PART: usize = 1024;

/// Odd numbers without a pattern, one for each word of a line: the upper bits of a product depend on all of the hash.
const FACTORS: [u64; 8] = [
    0x9e37_79b9_7f4a_7c15,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0x85eb_ca77_c2b2_ae63,
    0x27d4_eb2f_1656_67c5,
    0xd6e8_feb8_6659_fd93,
    0xa076_1d64_78bd_642f,
    0xe703_7ed1_a0b4_28db,
];

#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Line([u64; 8]);

type Part = Box<[Line]>;

/// What a run may hold.
pub(super) struct Filter {
    lines: u64,
    parts: Vec<Part>,
}

impl Filter {
    /// How many lines a filter of so many entries has.
    pub(super) fn lines_for(entries: u64) -> u64 {
        (entries.saturating_mul(BITS_PER_ENTRY)).div_ceil(BITS_PER_LINE).max(1)
    }

    /// An empty one, to be filled with hashes in order.
    pub(super) fn growing(lines: u64) -> Self {
        Self { lines, parts: Vec::new() }
    }

    /// The one of a run whose filter cannot be had: it may hold anything.
    pub(super) fn of_anything() -> Self {
        Self { lines: 0, parts: Vec::new() }
    }

    pub(super) fn may_hold(&self, hash: u64) -> bool {
        if self.lines == 0 {
            return true;
        }
        let (part, line) = self.place(hash);
        // A part that was never reached holds nothing.
        let Some(Line(words)) = self.parts.get(part).and_then(|part| part.get(line)) else { return false };
        words.iter().zip(FACTORS).all(|(word, factor)| word & bit(hash, factor) != 0)
    }

    /// Adds a hash that is not below those before it; answers how many parts are complete with it, since none of what
    /// comes belongs to them.
    pub(super) fn add(&mut self, hash: u64) -> usize {
        let (part, line) = self.place(hash);
        while self.parts.len() <= part {
            self.parts.push(vec![Line::default(); self.lines_of(self.parts.len())].into_boxed_slice());
        }
        if let Some(Line(words)) = self.parts.get_mut(part).and_then(|part| part.get_mut(line)) {
            for (word, factor) in words.iter_mut().zip(FACTORS) {
                *word |= bit(hash, factor);
            }
        }
        part
    }

    /// Makes the parts that no hash has reached.
    pub(super) fn complete(&mut self) {
        while self.parts.len() < self.part_count() {
            self.parts.push(vec![Line::default(); self.lines_of(self.parts.len())].into_boxed_slice());
        }
    }

    pub(super) fn part_count(&self) -> usize {
        usize::try_from(self.lines).unwrap_or(usize::MAX).div_ceil(LINES_PER_PART)
    }

    /// A part in its stored form.
    pub(super) fn part_to_row(&self, part: usize) -> Vec<u8> {
        let lines = self.parts.get(part).map_or(&[][..], |part| part);
        lines.iter().flat_map(|line| line.0).flat_map(u64::to_le_bytes).collect()
    }

    /// Takes the next part from its stored form; `false` where it is none.
    pub(super) fn push_row(&mut self, bytes: &[u8]) -> bool {
        if self.parts.len() >= self.part_count() || bytes.len() != 64 * self.lines_of(self.parts.len()) {
            return false;
        }
        let mut words = bytes.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
        let line = |_| Line(std::array::from_fn(|_| words.next().unwrap_or(0)));
        self.parts.push((0..bytes.len() / 64).map(line).collect());
        true
    }

    pub(super) fn is_complete(&self) -> bool {
        self.parts.len() == self.part_count()
    }

    fn lines_of(&self, part: usize) -> usize {
        let lines = usize::try_from(self.lines).unwrap_or(usize::MAX);
        lines.saturating_sub(part.saturating_mul(LINES_PER_PART)).min(LINES_PER_PART)
    }

    /// The part and the line in it that belong to a hash.
    fn place(&self, hash: u64) -> (usize, usize) {
        let line = (u128::from(hash) * u128::from(self.lines)) >> 64;
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        (line / LINES_PER_PART, line % LINES_PER_PART)
    }
}

fn bit(hash: u64, factor: u64) -> u64 {
    1 << (hash.wrapping_mul(factor) >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn hash(number: u64) -> u64 {
        let digest = Sha256::digest(number.to_le_bytes());
        u64::from_le_bytes(digest[..8].try_into().unwrap())
    }

    fn filled(entries: u64) -> (Filter, Vec<u64>) {
        let mut hashes: Vec<u64> = (0..entries).map(hash).collect();
        hashes.sort_unstable();
        let mut filter = Filter::growing(Filter::lines_for(entries));
        for hash in &hashes {
            filter.add(*hash);
        }
        filter.complete();
        (filter, hashes)
    }

    #[test]
    fn what_is_there_is_always_seen_and_what_is_not_rarely() {
        for entries in [1, 50, 3_000, 200_000] {
            let (filter, hashes) = filled(entries);
            assert!(hashes.iter().all(|hash| filter.may_hold(*hash)));
            let tried = 100_000;
            let seen = (0..tried).filter(|number| filter.may_hold(hash(u64::MAX - number))).count();
            assert!(seen < 1_500, "{seen} of {tried} at {entries}");
        }
    }

    #[test]
    fn it_is_the_same_when_it_comes_back_from_its_parts() {
        let (filter, hashes) = filled(60_000);
        assert_eq!(filter.part_count(), 2);
        let mut copy = Filter::growing(filter.lines);
        assert!(!copy.push_row(&[0; 63]), "no part has this size");
        for part in 0..filter.part_count() {
            assert!(!copy.is_complete());
            assert!(copy.push_row(&filter.part_to_row(part)));
        }
        assert!(copy.is_complete() && !copy.push_row(&filter.part_to_row(0)));
        assert!(hashes.iter().all(|hash| copy.may_hold(*hash)));
        for number in 0..10_000 {
            let other = hash(u64::MAX - number);
            assert_eq!(filter.may_hold(other), copy.may_hold(other));
        }
    }

    #[test]
    fn without_a_filter_anything_may_be_there() {
        assert!(Filter::of_anything().may_hold(7));
    }
}
