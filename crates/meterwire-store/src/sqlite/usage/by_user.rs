//! Adding up the rollup of users: packed days column by column, the others row by row.

use super::aggregate::{Reading, Source};
use super::columns::sums_of;
use super::groups::Key;
use crate::error::{Fault, Work};
use crate::plan::Piece;
use crate::sqlite::packed_users::{PackedDay, PackedReader};
use crate::sqlite::rollup::{DAY, SLOT_MS};
use crate::sqlite::segment::Picked;
use crate::sqlite::sql::NumberFilter;
use meterwire_app::ports::MAX_GROUP_BY;

impl Reading<'_> {
    /// Reads a piece of whole days. `sql` reads one slot of the rollup.
    pub(super) fn read_users(&mut self, sql: &str, piece: Piece) -> Work<()> {
        let question = self.question;
        let wanted = wanted(question.filters);
        let mut reader = PackedReader::new(self.connection, self.cache, question.tenant)?;
        let (mut users, mut places) = (Vec::new(), Vec::new());
        let mut from_ms = piece.from_ms;
        while from_ms < piece.to_ms {
            let to_ms = from_ms + DAY * SLOT_MS;
            if let Some(day) = reader.day(from_ms / SLOT_MS, &mut users)? {
                let picked = match &wanted {
                    None => Picked::All(0..users.len()),
                    Some(wanted) => Picked::These(among(wanted, &users)),
                };
                self.find_places(from_ms, &users, &picked, &mut places)?;
                if !question.users {
                    self.add_columns(&mut reader, &day, &picked, &places)?;
                }
            } else {
                self.read_rows(sql, Piece { from_ms, to_ms, ..piece }, Source::Rollup)?;
            }
            from_ms = to_ms;
        }
        Ok(())
    }

    /// Finds the places of the picked users in the answer; where users are counted, that is all.
    fn find_places(
        &mut self,
        day_ms: i64,
        users: &[i64],
        picked: &Picked,
        places: &mut Vec<u32>,
    ) -> Work<()> {
        let mut key = Key { bucket: self.finder.find(day_ms), numbers: [0; MAX_GROUP_BY] };
        let by_user = !self.question.dimensions.is_empty();
        places.clear();
        if picked.len() == 0 {
            return Ok(());
        }
        let groups = &mut self.groups;
        let all = groups_place(by_user, || groups.place(key))?;
        let counts = self.question.users;
        let mut find = |user: i64| -> Work<()> {
            let place = if let Some(place) = all {
                place
            } else {
                key.numbers[0] = user;
                groups.place_of_one(key)?
            };
            if counts {
                return groups.add_user(place, user);
            }
            places.push(place);
            Ok(())
        };
        match picked {
            Picked::All(rows) => users[rows.clone()].iter().try_for_each(|user| find(*user)),
            Picked::These(rows) => rows.iter().try_for_each(|row| find(users[*row as usize])),
        }
    }

    fn add_columns(
        &mut self,
        reader: &mut PackedReader<'_>,
        day: &PackedDay,
        picked: &Picked,
        places: &[u32],
    ) -> Work<()> {
        if places.is_empty() {
            return Ok(());
        }
        let measures = self.question.measures;
        let errors = measures.errors.then_some(1);
        for sum in [0].into_iter().chain(errors).chain(sums_of(measures)) {
            let totals = self.groups.sum(sum);
            reader.sum(day, sum, |column| {
                let mut fits = true;
                column.zip_picked(picked, places, |place, value| {
                    let total = &mut totals[place as usize];
                    let (added, over) = total.overflowing_add(value);
                    fits &= !over;
                    *total = added;
                });
                if fits { Ok(()) } else { Err(Fault::Overflow) }
            })?;
        }
        Ok(())
    }
}

/// The one place of all users where they are not told apart.
fn groups_place(by_user: bool, place: impl FnOnce() -> Work<u32>) -> Work<Option<u32>> {
    if by_user { Ok(None) } else { place().map(Some) }
}

/// The users that every filter lets through, ascending; `None` where there is no filter.
fn wanted(filters: &[NumberFilter]) -> Option<Vec<i64>> {
    let (first, others) = filters.split_first()?;
    let mut wanted = first.values.clone();
    wanted.retain(|user| others.iter().all(|filter| filter.values.contains(user)));
    wanted.sort_unstable();
    Some(wanted)
}

/// The rows of the wanted users; both are ascending.
fn among(wanted: &[i64], users: &[i64]) -> Vec<u32> {
    let (mut rows, mut from) = (Vec::new(), 0);
    for user in wanted {
        from += users[from..].partition_point(|other| other < user);
        if users.get(from) == Some(user) {
            rows.push(u32::try_from(from).unwrap_or(u32::MAX));
        }
    }
    rows
}
