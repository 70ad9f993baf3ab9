//! What readers remember, bounded in bytes: what was not used lately makes room.

use hashbrown::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What was used within this time makes no room for others: a question that reads more than there is room for would
/// otherwise find nothing of it at its next time.
const FRESH: Duration = Duration::from_millis(250);

/// Where there is no room, a part of this size is made free at once.
const MORE_ROOM: usize = 8;

/// Values by key, shared by all readers. Values are cheap to clone.
#[derive(Clone)]
pub(crate) struct Kept<K, V>(Arc<Mutex<Inner<K, V>>>);

struct Inner<K, V> {
    most_bytes: usize,
    by_key: HashMap<K, Entry<V>>,
    bytes: usize,
    /// No room is looked for before this: there was none a moment ago.
    full_until: Option<Instant>,
}

struct Entry<V> {
    value: V,
    bytes: usize,
    used: Instant,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    /// Keeps so many bytes at most.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Inner { most_bytes, by_key: HashMap::new(), bytes: 0, full_until: None })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered under a key, which counts as used now.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.lock().by_key.get_mut(key).map(|entry| {
            entry.used = Instant::now();
            entry.value.clone()
        })
    }

    /// Remembers a value of so many bytes, if there is room.
    pub(crate) fn add(&self, key: K, value: V, bytes: usize) {
        self.lock().add(key, value, bytes, Instant::now());
    }

    /// Forgets what was not used for so long.
    pub(crate) fn forget_unused(&self, time: Duration) {
        let now = Instant::now();
        let mut inner = self.lock();
        inner.keep(|entry| now.saturating_duration_since(entry.used) < time);
        inner.by_key.shrink_to_fit();
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut inner = self.lock();
        inner.keep(|_| false);
        inner.by_key.shrink_to_fit();
    }

    /// So many bytes are kept at most.
    pub(crate) fn most_bytes(&self) -> usize {
        self.lock().most_bytes
    }

    /// Nothing is remembered.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().by_key.is_empty()
    }
}

impl<K: Eq + Hash, V> Inner<K, V> {
    fn add(&mut self, key: K, value: V, bytes: usize, now: Instant) {
        // What never fits must not push everything else out.
        if bytes > self.most_bytes {
            return;
        }
        if self.bytes + bytes > self.most_bytes {
            if self.full_until.is_some_and(|until| now < until) {
                return;
            }
            if !self.make_room(bytes, now) {
                self.full_until = Some(now + FRESH / 5);
                return;
            }
        }
        self.bytes += bytes;
        // Two readers may have brought the same.
        if let Some(other) = self.by_key.insert(key, Entry { value, bytes, used: now }) {
            self.bytes -= other.bytes;
        }
    }

    /// Forgets what was used longest ago, some more than is needed, but nothing that is fresh; tells whether there is room.
    fn make_room(&mut self, bytes: usize, now: Instant) -> bool {
        let entries = self.by_key.values().map(|entry| (entry.used, entry.bytes));
        let mut old: Vec<(Instant, usize)> =
            entries.filter(|(used, _)| now.saturating_duration_since(*used) >= FRESH).collect();
        old.sort_unstable();
        let wanted = self.most_bytes - bytes.max(self.most_bytes / MORE_ROOM);
        let mut left = self.bytes;
        let enough = old.into_iter().find(|(_, bytes)| {
            left -= bytes;
            left <= wanted
        });
        let last = enough.map_or_else(|| now.checked_sub(FRESH), |(used, _)| Some(used));
        self.keep(|entry| last.is_none_or(|last| entry.used > last));
        self.bytes + bytes <= self.most_bytes
    }

    fn keep(&mut self, mut wanted: impl FnMut(&Entry<V>) -> bool) {
        let bytes = &mut self.bytes;
        self.by_key.retain(|_, entry| {
            let kept = wanted(entry);
            if !kept {
                *bytes -= entry.bytes;
            }
            kept
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_what_is_fresh_stays() {
        let kept = Kept::new(100);
        let mut inner = kept.lock();
        let start = Instant::now();
        for number in 0..9 {
            inner.add(number, (), 25, start);
        }
        assert_eq!((inner.bytes, inner.by_key.len()), (100, 4), "what is fresh makes no room");
        inner.add(9, (), 25, start + FRESH * 2);
        assert!(inner.by_key.contains_key(&9) && inner.bytes == 25);
        inner.add(9, (), 30, start + FRESH * 2);
        assert_eq!((inner.bytes, inner.by_key.len()), (30, 1), "the same once more");
        inner.add(10, (), 101, start + FRESH * 4);
        assert_eq!((inner.bytes, inner.by_key.len()), (30, 1), "what never fits pushes nothing out");
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let kept = Kept::new(800);
        let mut inner = kept.lock();
        let start = Instant::now();
        for number in 0..8_u32 {
            inner.add(number, (), 100, start + FRESH * number);
        }
        inner.add(8, (), 10, start + FRESH * 8);
        let mut left: Vec<u32> = inner.by_key.keys().copied().collect();
        left.sort_unstable();
        assert_eq!((left, inner.bytes), ((1..9).collect(), 710));
        inner.add(9, (), 350, start + FRESH * 9);
        assert!(!inner.by_key.contains_key(&3) && inner.by_key.contains_key(&4) && inner.bytes <= 800);
        inner.add(10, (), 800, start + FRESH * 9);
        assert!(!inner.by_key.contains_key(&10) && inner.by_key.contains_key(&9), "the last one is fresh");
    }

    #[test]
    fn what_is_not_used_is_forgotten() {
        let kept = Kept::new(100);
        kept.add(1, "one", 10);
        kept.forget_unused(Duration::from_mins(1));
        assert_eq!(kept.get(&1), Some("one"));
        kept.forget_unused(Duration::ZERO);
        assert!(kept.is_empty() && kept.lock().bytes == 0);
        kept.add(2, "two", 10);
        kept.clear();
        assert_eq!(kept.get(&2), None);
    }
}
