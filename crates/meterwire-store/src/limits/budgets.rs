//! Budgets as the writer works with them: which of them some money counts into, and whether a hard one has enough left.
//! Everything here is in the database or in the running transaction; forgetting it costs time and nothing else.

use super::pending::Pending;
use crate::budget::{self, ScopeIndex, SpentBy, Stored};
use crate::cluster::statements;
use crate::error::{Fault, Work};
use crate::sql::{Connection, postgres};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::budget::{PeriodCalendar, Refusal, Standing, Wish};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use std::sync::Arc;

/// A budget that is remembered.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) stored: Stored,
    pub(super) calendar: PeriodCalendar,
}

/// A budget and, where it is hard, where it stands.
#[derive(Debug)]
struct Tracked {
    known: Arc<Known>,
    /// The period that was met last.
    range: Range,
    /// What was spent in the period that begins then; only of a hard budget.
    spent: Option<(i64, i128)>,
    /// What is held in the periods that begin then; only of a hard budget.
    held: Vec<(i64, i128)>,
}

/// Money that is spent, or taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spending<'a> {
    pub(super) by: SpentBy<'a>,
    /// In the period of this instant it counts.
    pub(super) at_ms: i64,
    pub(super) amount: i64,
    pub(super) now_ms: i64,
}

/// The budgets of a tenant.
#[derive(Debug)]
pub(super) struct TenantBudgets {
    list: Vec<Tracked>,
    index: ScopeIndex,
    has_hard: bool,
    /// What is held is remembered.
    knows_holds: bool,
    /// Room for what is found.
    found: Vec<usize>,
}

impl TenantBudgets {
    pub(super) fn load(
        connection: &Connection,
        tenant: TenantId,
        now_ms: i64,
        held_at_ms: i64,
    ) -> Work<Self> {
        let budgets = budget::all(connection, tenant)?;
        let index = ScopeIndex::load(connection, tenant, &budgets)?;
        let has_hard = budgets.iter().any(|stored| stored.budget.hard);
        let track = |stored: Stored| {
            let calendar = stored.calendar();
            let range = calendar.range(now_ms);
            Tracked { known: Arc::new(Known { stored, calendar }), range, spent: None, held: Vec::new() }
        };
        let list = budgets.into_iter().map(track).collect();
        let mut loaded = Self { list, index, has_hard, knows_holds: false, found: Vec::new() };
        loaded.load_holds(connection, tenant, held_at_ms)?;
        Ok(loaded)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets what was spent, and what is held where `holds`.
    pub(super) fn forget_counts(&mut self, holds: bool) {
        for tracked in &mut self.list {
            tracked.spent = None;
            if holds {
                tracked.held.clear();
            }
        }
        self.knows_holds &= !holds;
    }

    /// Reads what is held, unless it is remembered: by reservations that end after `held_at_ms`.
    pub(super) fn load_holds(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        held_at_ms: i64,
    ) -> Work<()> {
        if self.knows_holds {
            return Ok(());
        }
        self.knows_holds = true;
        if self.has_hard {
            budget::each_hold(connection, tenant, held_at_ms, |by, amount, created_ms| {
                self.hold(by, created_ms, amount.into());
            })?;
        }
        Ok(())
    }

    /// Counts money into every budget that takes it in.
    pub(super) fn spend(
        &mut self,
        connection: &Connection,
        pending: &mut Pending,
        spending: &Spending<'_>,
    ) -> Work<()> {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        self.index.each(&spending.by, |place| found.push(place));
        for place in &found {
            self.list[*place].spend(connection, pending, spending)?;
        }
        self.found = found;
        Ok(())
    }

    /// Holds money, or gives it back where `amount` is negative; it was held at `created_ms`. Where what is held is not
    /// remembered, it is read when it is needed, and this with it.
    pub(super) fn hold(&mut self, by: &SpentBy<'_>, created_ms: i64, amount: i128) {
        if !self.has_hard || !self.knows_holds {
            return;
        }
        let list = &mut self.list;
        self.index.each(by, |place| list[place].hold(created_ms, amount));
    }

    /// Reads what is not remembered of the hard budgets that take in this usage. What waits to be written is written first.
    pub(super) fn stand(
        &mut self,
        connection: &Connection,
        pending: &mut Pending,
        by: &SpentBy<'_>,
        now_ms: i64,
    ) -> Work<()> {
        if !self.has_hard {
            return Ok(());
        }
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        self.index.each(by, |place| found.push(place));
        for place in &found {
            let tracked = &mut self.list[*place];
            if tracked.known.stored.budget.hard {
                let range = tracked.range_of(now_ms);
                tracked.read_spent(connection, pending, range)?;
            }
        }
        self.found = found;
        Ok(())
    }

    /// Reads at once what is not remembered of the hard budgets that take in any of this usage. Nothing may wait to be
    /// written.
    pub(super) fn look_up(
        &mut self,
        rows: &postgres::Connection,
        spends: &[SpentBy<'_>],
        now_ms: i64,
    ) -> Work<()> {
        if !self.has_hard {
            return Ok(());
        }
        let mut found: HashMap<usize, Range> = HashMap::new();
        for by in spends {
            self.index.each(by, |place| {
                found.entry(place).or_insert(Range { from_ms: 0, to_ms: 0 });
            });
        }
        found.retain(|place, range| {
            let tracked = &mut self.list[*place];
            *range = tracked.range_of(now_ms);
            let is_known = tracked.spent.is_some_and(|(start_ms, _)| start_ms == range.from_ms);
            tracked.known.stored.budget.hard && !is_known
        });
        if found.is_empty() {
            return Ok(());
        }
        let number = |place: &usize| self.list[*place].known.stored.number;
        let (numbers, starts): (Vec<i64>, Vec<i64>) =
            found.iter().map(|(place, range)| (number(place), range.from_ms)).unzip();
        let statement = rows.prepared(statements::SPENT)?;
        let answered = rows.wait_for(rows.client().query(&statement, &[&numbers, &starts]))?;
        let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let damaged = |error: tokio_postgres::Error| Fault::Damaged(format!("a budget: {error}"));
        let spent: HashMap<i64, i64> =
            answered.iter().map(|row| read(row).map_err(damaged)).collect::<Work<_>>()?;
        for (place, range) in found {
            let tracked = &mut self.list[place];
            let spent = spent.get(&tracked.known.stored.number).copied().unwrap_or(0);
            tracked.spent = Some((range.from_ms, spent.into()));
        }
        Ok(())
    }

    /// The hard budget that does not allow a wish, the oldest first; `Err` where something of it is not remembered.
    pub(super) fn refusal(
        &self,
        by: &SpentBy<'_>,
        wish: Wish<'_>,
        now_ms: i64,
    ) -> Result<Option<Refusal>, NotRemembered> {
        if !self.has_hard {
            return Ok(None);
        }
        let (mut found, mut missing) = (Vec::new(), false);
        self.index.each(by, |place| {
            let tracked = &self.list[place];
            if tracked.known.stored.budget.hard {
                match tracked.standing(now_ms) {
                    Some(standing) => found.push((place, standing)),
                    None => missing = true,
                }
            }
        });
        if missing {
            return Err(NotRemembered);
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        let refused = |(place, standing): (usize, Standing)| {
            Refusal::of(&self.list[place].known.stored.budget, &standing, wish)
        };
        Ok(found.into_iter().find_map(refused))
    }
}

/// Something is not remembered and has to be read.
#[derive(Debug)]
pub(super) struct NotRemembered;

impl Tracked {
    /// The period of an instant, remembered where it is later than the one that was met last.
    fn range_of(&mut self, at_ms: i64) -> Range {
        if (self.range.from_ms..self.range.to_ms).contains(&at_ms) {
            return self.range;
        }
        let range = self.known.calendar.range(at_ms);
        if range.from_ms > self.range.from_ms {
            self.range = range;
        }
        range
    }

    fn spend(&mut self, connection: &Connection, pending: &mut Pending, spending: &Spending<'_>) -> Work<()> {
        let range = self.range_of(spending.at_ms);
        // What was spent before it was counted from is not known, so nothing can be added to it.
        if range.from_ms < self.known.stored.counted_from_ms {
            return Ok(());
        }
        if self.known.stored.budget.hard {
            if (range.from_ms..range.to_ms).contains(&spending.now_ms) {
                self.read_spent(connection, pending, range)?;
            }
            if let Some((start_ms, spent)) = &mut self.spent
                && *start_ms == range.from_ms
            {
                *spent += i128::from(spending.amount);
            }
        }
        pending.money.spend(&self.known, range.from_ms, spending.amount, spending.now_ms)
    }

    fn hold(&mut self, created_ms: i64, amount: i128) {
        if !self.known.stored.budget.hard {
            return;
        }
        let start_ms = self.range_of(created_ms).from_ms;
        match self.held.iter_mut().find(|(start, _)| *start == start_ms) {
            Some((_, held)) => *held += amount,
            None => self.held.push((start_ms, amount)),
        }
        self.held.retain(|(_, held)| *held != 0);
    }

    /// Reads what was spent in a period, unless it is remembered.
    fn read_spent(&mut self, connection: &Connection, pending: &mut Pending, range: Range) -> Work<()> {
        if self.spent.is_some_and(|(start_ms, _)| start_ms == range.from_ms) {
            return Ok(());
        }
        pending.flush(connection)?;
        let spent = budget::spent_in(connection, self.known.stored.number, range)?;
        self.spent = Some((range.from_ms, spent.into()));
        Ok(())
    }

    fn standing(&self, now_ms: i64) -> Option<Standing> {
        let range = if (self.range.from_ms..self.range.to_ms).contains(&now_ms) {
            self.range
        } else {
            self.known.calendar.range(now_ms)
        };
        let (start_ms, spent) = self.spent?;
        if start_ms != range.from_ms {
            return None;
        }
        let held = self.held.iter().find(|(start, _)| *start == start_ms).map_or(0, |(_, held)| *held);
        let money = |nanos: i128| CostNanos(super::memory::clamp(nanos));
        let amount = self.known.stored.budget.amount;
        Some(Standing { amount, spent: money(spent), held: money(held), range })
    }
}
