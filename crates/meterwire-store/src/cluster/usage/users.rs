//! How many different users each bucket and group has.
//!
//! ClickHouse counts those that have events there. A row of the tail may bring one more, or take back the last event of
//! one: so the users of the tail are asked for by name, and those for whom the tail makes a difference are added or taken
//! away.

use super::groups::{Key, bucket_of, too_wide};
use super::labels::KeyTexts;
use super::sums::MOST_ROWS;
use super::{Asking, Which, dimensions_of, span};
use crate::cluster::click::text::{self, Grouping, Scope};
use crate::cluster::tail;
use crate::error::{Fault, Work};
use hashbrown::HashMap;
use meterwire_app::ports::{AggregateRequest, DistinctRow, MAX_AGGREGATE_ROWS};
use meterwire_core::dimension::Dimension;
use std::collections::BTreeSet;

/// So many users are asked for by name in one statement.
const USERS_A_STATEMENT: usize = 10_000;
/// The most groups of users of the tail that are answered by name.
const MOST_NAMED: usize = 8 << 20;

/// Users of a group: with those without a name, and with a name alone.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    all: i64,
    named: i64,
}

impl Asking<'_> {
    /// Counts different users for each bucket and group.
    pub(crate) async fn distinct_users(&self, request: &AggregateRequest) -> Work<Vec<DistinctRow>> {
        self.require_ready(&dimensions_of(request), span(&request.edges_ms).from_ms).await?;
        let Some(filters) = self.number_filters(&request.filters).await? else { return Ok(Vec::new()) };
        let which = Which::new(span(&request.edges_ms), &filters);
        let by = Grouping { edges_ms: &request.edges_ms, dimensions: &request.group_by };
        let mut groups: HashMap<Key, Counted> = HashMap::new();
        let signed = |count: u64| i64::try_from(count).map_err(|_| Fault::Overflow);
        let mut needed = dimensions_of(request);
        needed.push(Dimension::User);
        self.require_kept_for(&request.edges_ms, &needed, false).await?;
        let folded = self.folded(&request.edges_ms, &needed, false);
        let scopes = self.scopes(which, folded.as_ref());
        self.read(text::users(&scopes, by, MOST_ROWS), |row| {
            let key = Key::read(row, by.has_buckets(), by.dimensions.len())?;
            groups.insert(key, Counted { all: signed(row.cell()?)?, named: signed(row.cell()?)? });
            Ok(())
        })
        .await?;
        self.add_tail_users(request, which, &scopes, &mut groups).await?;
        if groups.len() > MAX_AGGREGATE_ROWS {
            return Err(too_wide());
        }
        // A group whose users have no name is there, with none of them.
        groups.retain(|_, counted| counted.all > 0);
        let keys = groups.keys().map(|key| key.numbers);
        let texts = KeyTexts::of(self.labels, self.moment, &request.group_by, keys).await?;
        let to_row = |(key, counted): (&Key, &Counted)| {
            let values = texts.values(key.numbers)?;
            Ok(DistinctRow { bucket: key.bucket, key: values, users: counted.named })
        };
        groups.iter().map(to_row).collect()
    }

    async fn add_tail_users(
        &self,
        request: &AggregateRequest,
        which: Which<'_>,
        scopes: &[Scope<'_>],
        groups: &mut HashMap<Key, Counted>,
    ) -> Work<()> {
        let by = Grouping { edges_ms: &request.edges_ms, dimensions: &request.group_by };
        // Events of the tail by group and user, those taken back taken away; and of ClickHouse.
        let mut calls: HashMap<(Key, u32), (i64, i64)> = HashMap::new();
        for row in self.tail(which).rows() {
            let numbers = tail::key(self.moment, row, &request.group_by);
            let key = Key { bucket: bucket_of(&request.edges_ms, row.time_ms), numbers };
            calls.entry((key, row.labels.user())).or_default().0 += i64::from(row.sign);
        }
        let users: BTreeSet<u32> = calls.keys().map(|(_, user)| *user).collect();
        let users: Vec<u32> = users.into_iter().collect();
        for users in users.chunks(USERS_A_STATEMENT) {
            for scope in scopes {
                self.read(text::calls_of_users(scope, by, users, MOST_NAMED), |row| {
                    let key = Key::read(row, by.has_buckets(), by.dimensions.len())?;
                    let (user, recorded) = (row.cell()?, row.cell::<i64>()?);
                    if let Some((_, found)) = calls.get_mut(&(key, user)) {
                        *found += recorded;
                    }
                    Ok(())
                })
                .await?;
            }
        }
        for ((key, user), (tail, recorded)) in calls {
            let difference = i64::from(recorded + tail > 0) - i64::from(recorded > 0);
            let counted = groups.entry(key).or_default();
            counted.all += difference;
            counted.named += if user == 0 { 0 } else { difference };
        }
        Ok(())
    }
}
