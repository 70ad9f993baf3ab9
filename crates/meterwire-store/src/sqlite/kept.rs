//! What readers remember, bounded in bytes: what was not used lately makes room.

use hashbrown::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What was used within this time makes no room for others: a question that reads more than there is room for would
/// otherwise find nothing of it at its next time.
const FRESH: Duration = Duration::from_millis(250);

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
            self.keep(|entry| now.saturating_duration_since(entry.used) < FRESH);
            if self.bytes + bytes > self.most_bytes {
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
