//! The best rows of a page, kept while a column is gone over.

/// A row's place in ascending order: sort value and seq; for a descending page both are turned round.
pub(super) type Place = (i64, i64);

/// The best rows so far, smallest first.
pub(super) struct Best {
    count: usize,
    /// Only rows behind this one.
    after: Option<Place>,
    found: Vec<Place>,
    /// The worst that is still wanted, once there are enough.
    worst: Option<Place>,
}

impl Best {
    pub(super) fn new(count: usize, after: Option<Place>) -> Self {
        Self { count, after, found: Vec::new(), worst: None }
    }

    pub(super) fn offer(&mut self, place: Place) {
        if self.after.is_some_and(|after| place <= after) || self.worst.is_some_and(|worst| place > worst) {
            return;
        }
        self.found.push(place);
        if self.found.len() >= self.count * 2 + 64 {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.found.len() >= self.count && self.count > 0 {
            self.found.select_nth_unstable(self.count - 1);
            self.found.truncate(self.count);
            self.worst = self.found.last().copied();
        }
    }

    /// There are enough rows.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= self.count
    }

    /// No larger value is wanted any more.
    pub(super) fn bound(&self) -> i64 {
        self.worst.map_or(i64::MAX, |worst| worst.0)
    }

    /// No smaller value is wanted.
    pub(super) fn after_value(&self) -> i64 {
        self.after.map_or(i64::MIN, |after| after.0)
    }

    /// Whether a row can be wanted of those from a place on and up to a value.
    pub(super) fn may_take(&self, first: Place, last: i64) -> bool {
        self.worst.is_none_or(|worst| first <= worst) && last >= self.after_value()
    }

    /// Whether there are enough rows with values up to this one.
    pub(super) fn is_settled(&mut self, edge: i64) -> bool {
        self.cut();
        self.found.len() >= self.count && self.worst.is_some_and(|worst| worst.0 <= edge)
    }

    pub(super) fn sorted(mut self) -> Vec<Place> {
        self.found.sort_unstable();
        self.found.truncate(self.count);
        self.found
    }
}
