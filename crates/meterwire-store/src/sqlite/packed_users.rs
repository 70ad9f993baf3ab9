//! Packed users: the rollup of users by day once more, column by column, for days that are over.
//!
//! A row of the rollup costs about a quarter of a microsecond to read, a row of a packed column a few nanoseconds, and
//! ninety days of ten thousand users are nearly a million rows. A packed day holds exactly what the rows of the day hold:
//! whatever changes one of them takes the packed day away in its own transaction, and what is not packed is read from the
//! rows. So answers never depend on whether a day is packed. Days are packed in the background, by the round that makes
//! segments: a reader packs from its snapshot, and the writer takes the result only if nothing of the day has changed since.

use crate::error::Work;
use crate::session::Session;
use crate::sqlite::column_cache::{ColumnCache, PackedKind, add_version, drop_version};
use crate::sqlite::connection::{damaged_rollup, sums_from_row};
use crate::sqlite::rollup::{DAY, SLOT_MS};
use crate::sqlite::segment::{Numbers, encode_numbers};
use crate::sums::SUM_NAMES;
use meterwire_app::ports::TenantId;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use std::sync::Arc;

/// The part that holds the numbers of the users, ascending. The part of a sum is its place in [`SUM_NAMES`] and one.
const USERS: i64 = 0;

/// Parts with their columns.
type Parts = Vec<(i64, Vec<u8>)>;

fn part_of_sum(sum: usize) -> i64 {
    1 + sum as i64
}

/// A packed day, to be put in its place.
pub(crate) struct PackedUsers {
    tenant_id: i64,
    slot: i64,
    /// The last event of the snapshot, of any tenant.
    through_seq: i64,
    users: i64,
    parts: Parts,
}

impl PackedUsers {
    /// Packs a day from a snapshot; `None` where nobody used anything.
    pub(crate) fn pack(connection: &Connection, tenant_id: i64, slot: i64) -> Work<Option<Self>> {
        let sql = "SELECT ifnull(max(seq), 0) FROM event";
        let through_seq = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let (users, parts) = columns(connection, tenant_id, slot)?;
        Ok((users > 0).then_some(Self { tenant_id, slot, through_seq, users, parts }))
    }

    /// How many users it has.
    pub(crate) fn users(&self) -> i64 {
        self.users
    }

    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(|(_, data)| data.len()).sum()
    }

    /// Puts the day in its place, unless something of it was changed since the snapshot. `changes` is how often events were
    /// changed where they stand before that.
    pub(crate) fn put(&self, session: &mut Session, changes: u64) -> Work<()> {
        let (from_ms, to_ms) = (self.slot * SLOT_MS, (self.slot + DAY) * SLOT_MS);
        let sql = "SELECT EXISTS (SELECT 1 FROM event NOT INDEXED \
                   WHERE seq > ?2 AND tenant_id = ?1 AND time_ms >= ?3 AND time_ms < ?4)";
        let connection = session.connection.sqlite()?;
        let came = || {
            let places = [self.tenant_id, self.through_seq, from_ms, to_ms];
            connection.prepare_cached(sql)?.query_row(places, |row| row.get::<_, bool>(0))
        };
        // The day is packed again at the next look.
        if session.recording()?.in_place_changes() != changes || came()? {
            return Ok(());
        }
        forget(connection, self.tenant_id, self.slot)?;
        let sql =
            "INSERT INTO rollup_user_packed (tenant_id, part, slot, users, data) VALUES (?, ?, ?, ?, ?)";
        let mut insert = connection.prepare_cached(sql)?;
        for (part, data) in &self.parts {
            insert.execute(params![self.tenant_id, part, self.slot, self.users, data])?;
        }
        add_version(connection, PackedKind::Users, self.tenant_id, from_ms)
    }
}

/// The columns of a day, and how many users they have.
fn columns(connection: &Connection, tenant_id: i64, slot: i64) -> Work<(i64, Parts)> {
    let sql =
        "SELECT user, sums FROM rollup_user WHERE tenant_id = ? AND width = ? AND slot = ? ORDER BY user";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([tenant_id, DAY, slot])?;
    let mut users = Vec::new();
    let mut sums: [Vec<i64>; SUM_NAMES.len()] = <_>::default();
    while let Some(row) = rows.next()? {
        let of_user = sums_from_row(row.get_ref(1)?).ok_or_else(damaged_rollup)?;
        // The events of a row may all have been voided.
        if of_user.calls() > 0 {
            users.push(row.get(0)?);
            sums.iter_mut().zip(of_user.0).for_each(|(column, value)| column.push(value));
        }
    }
    let mut parts = Vec::new();
    let mut add = |part: i64, values: &[i64]| {
        let mut data = Vec::new();
        encode_numbers(values, &mut data);
        parts.push((part, data));
    };
    if !users.is_empty() {
        add(USERS, &users);
        let wanted = sums.iter().enumerate().filter(|(_, values)| values.iter().any(|value| *value != 0));
        wanted.for_each(|(sum, values)| add(part_of_sum(sum), values));
    }
    Ok((users.len() as i64, parts))
}

/// Takes a packed day away.
pub(crate) fn forget(connection: &Connection, tenant_id: i64, slot: i64) -> Work<()> {
    if !is_packed(connection, tenant_id, slot)? {
        return Ok(());
    }
    drop_version(connection, PackedKind::Users, tenant_id, slot * SLOT_MS)?;
    let sql = "DELETE FROM rollup_user_packed WHERE tenant_id = ? AND part = ? AND slot = ?";
    let mut delete = connection.prepare_cached(sql)?;
    for part in (0..SUM_NAMES.len()).map(part_of_sum).chain([USERS]) {
        delete.execute([tenant_id, part, slot])?;
    }
    Ok(())
}

/// Whether a day is packed.
pub(crate) fn is_packed(connection: &Connection, tenant_id: i64, slot: i64) -> Work<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM rollup_user_packed WHERE tenant_id = ? AND part = ? AND slot = ?)";
    Ok(connection.prepare_cached(sql)?.query_row([tenant_id, USERS, slot], |row| row.get(0))?)
}

/// How many of the days between two slots are packed.
pub(crate) fn packed_days(connection: &Connection, tenant: TenantId, from: i64, to: i64) -> Work<i64> {
    let sql =
        "SELECT count(*) FROM rollup_user_packed WHERE tenant_id = ? AND part = ? AND slot >= ? AND slot < ?";
    Ok(connection.prepare_cached(sql)?.query_row([tenant.0, USERS, from, to], |row| row.get(0))?)
}

/// Reads the columns of packed days.
pub(crate) struct PackedReader<'a> {
    tenant: TenantId,
    cache: &'a ColumnCache,
    head: CachedStatement<'a>,
    part: CachedStatement<'a>,
}

/// A packed day.
pub(crate) struct PackedDay {
    slot: i64,
    count: usize,
    version: Option<i64>,
}

impl<'a> PackedReader<'a> {
    pub(crate) fn new(connection: &'a Connection, cache: &'a ColumnCache, tenant: TenantId) -> Work<Self> {
        let head = "SELECT users, (SELECT version FROM packed_version AS v WHERE v.tenant_id = ?1 AND v.kind = 1 \
                    AND v.start_ms = ?3 * ?4) FROM rollup_user_packed WHERE tenant_id = ?1 AND part = ?2 AND slot = ?3";
        let part = "SELECT data FROM rollup_user_packed WHERE tenant_id = ? AND part = ? AND slot = ?";
        let (head, part) = (connection.prepare_cached(head)?, connection.prepare_cached(part)?);
        Ok(Self { tenant, cache, head, part })
    }

    /// A day with its users, ascending; `None` where it is not packed.
    pub(crate) fn day(&mut self, slot: i64, users: &mut Vec<i64>) -> Work<Option<PackedDay>> {
        users.clear();
        let places = [self.tenant.0, USERS, slot, SLOT_MS];
        let found = self.head.query_row(places, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
        let Some((count, version)) = found else { return Ok(None) };
        let count = usize::try_from(count).map_err(|_| damaged_rollup())?;
        let day = PackedDay { slot, count, version };
        let data = self.data(&day, USERS)?;
        let numbers = Numbers::read(&data, count).ok_or_else(damaged_rollup)?;
        users.reserve(count);
        numbers.each(0..count, |_, user| users.push(user));
        Ok(Some(day))
    }

    /// Looks at one sum of the users of a day; at nothing where it is zero for all of them.
    pub(crate) fn sum(
        &mut self,
        day: &PackedDay,
        sum: usize,
        look: impl FnOnce(Numbers<'_>) -> Work<()>,
    ) -> Work<()> {
        let data = self.data(day, part_of_sum(sum))?;
        if data.is_empty() {
            return Ok(());
        }
        look(Numbers::read(&data, day.count).ok_or_else(damaged_rollup)?)
    }

    fn data(&mut self, day: &PackedDay, part: i64) -> Work<Arc<[u8]>> {
        let Self { tenant, cache, part: statement, .. } = self;
        cache.get(day.version, part, || {
            let mut rows = statement.query([tenant.0, part, day.slot])?;
            match rows.next()? {
                Some(row) => Ok(row.get_ref(0)?.as_blob().map_err(|_| damaged_rollup())?.into()),
                None => Ok(Arc::default()),
            }
        })
    }
}

/// Calls back with the tenant and the slot of each packed day that is not what the rows of the rollup say.
pub(crate) fn check(connection: &Connection, mut wrong: impl FnMut(i64, i64)) -> Work<()> {
    let sql = "SELECT DISTINCT tenant_id, slot FROM rollup_user_packed ORDER BY tenant_id, slot";
    let mut statement = connection.prepare(sql)?;
    let mut days = statement.query([])?;
    let sql = "SELECT users, data FROM rollup_user_packed WHERE tenant_id = ? AND part = ? AND slot = ?";
    let mut stored = connection.prepare(sql)?;
    while let Some(day) = days.next()? {
        let (tenant_id, slot) = (day.get(0)?, day.get(1)?);
        let (users, parts) = columns(connection, tenant_id, slot)?;
        let mut right = true;
        for part in (0..SUM_NAMES.len()).map(part_of_sum).chain([USERS]) {
            let wanted = parts.iter().find(|(other, _)| *other == part).map(|(_, data)| (users, data));
            let is: Option<(i64, Vec<u8>)> =
                stored.query_row([tenant_id, part, slot], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            right &= is.as_ref().map(|(users, data)| (*users, data)) == wanted;
        }
        if !right {
            wrong(tenant_id, slot);
        }
    }
    Ok(())
}

/// Takes packed days away; they are read from the rows until they are made anew.
pub(crate) fn mend(connection: &Connection, days: &[(i64, i64)]) -> Work<u64> {
    let sql = "DELETE FROM rollup_user_packed WHERE tenant_id = ? AND slot = ?";
    for (tenant_id, slot) in days {
        drop_version(connection, PackedKind::Users, *tenant_id, slot * SLOT_MS)?;
        connection.prepare_cached(sql)?.execute([tenant_id, slot])?;
    }
    Ok(days.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Weight;
    use crate::{OpenOptions, SqliteStore};
    use meterwire_app::ports::{Audit, Catalog, Ledger};
    use meterwire_core::event::{NewEvent, Rating};

    const NOW_MS: i64 = 1_800_000_000_000;

    /// Packs the day on a snapshot, lets something happen, and only then puts it in its place; answers whether it is there.
    async fn pack_then(happens: impl AsyncFn(&SqliteStore, TenantId)) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        let tenant = store.create_tenant("acme", "Acme", "UTC", audit()).await.unwrap().id;
        store.append(tenant, vec![event("a", 0), event("b", 0)]).await.unwrap();
        let changes = store.in_place_changes();
        let slot = crate::sqlite::rollup::slot_of(NOW_MS, DAY);
        let pack = move |connection: &Connection| PackedUsers::pack(connection, tenant.0, slot);
        let packed = store.snapshot(pack).await.unwrap().unwrap();
        happens(&store, tenant).await;
        store
            .write_unguarded(None, Weight::SMALL, move |session| packed.put(session, changes))
            .await
            .unwrap();
        assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
        store.snapshot(move |connection| is_packed(connection, tenant.0, slot)).await.unwrap()
    }

    fn audit() -> Audit {
        Audit { actor: "test".into(), action: "test", target: "t".into(), at_ms: NOW_MS }
    }

    fn event(id: &str, days: i64) -> meterwire_core::event::Event {
        let time_ms = Some(NOW_MS + days * DAY * SLOT_MS);
        let sent = NewEvent { id: Some(id.to_owned()), time_ms, ..NewEvent::default() };
        let fingerprint = sent.fingerprint();
        sent.complete(fingerprint, String::new, NOW_MS, Rating::Free).unwrap()
    }

    #[tokio::test]
    async fn a_day_that_changed_since_is_not_put_in_place() {
        assert!(
            pack_then(async |store, tenant| {
                store.append(tenant, vec![event("c", -1)]).await.unwrap();
            })
            .await,
            "another day is no reason"
        );
        let appended = pack_then(async |store, tenant| {
            store.append(tenant, vec![event("c", 0)]).await.unwrap();
        });
        assert!(!appended.await);
        let voided = pack_then(async |store, tenant| {
            store.void(tenant, "default", "a", audit()).await.unwrap();
        });
        assert!(!voided.await);
    }
}
