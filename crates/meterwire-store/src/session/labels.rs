//! Numbers of labels, remembered by who writes.

use crate::cluster::statements;
use crate::error::{Fault, Work};
use crate::label::{KIND_CODES, LabelKind};
use crate::sql::{Connection, OptionalExtension, params, postgres};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::Dimension;

/// The most labels that are remembered; beyond, all are forgotten and looked up again.
const MAX_REMEMBERED: usize = 50_000;

type OfTenant = [HashMap<Box<str>, i64>; KIND_CODES];

/// A label as it was found.
#[derive(Debug, Clone, Copy)]
struct Found {
    number: i64,
    /// It is no user or project, or one that is listed: nothing has to be made beside it.
    is_listed: bool,
}

/// Remembered labels. Every one of them is in the database or in the running transaction.
#[derive(Default)]
pub(crate) struct LabelCache {
    tenants: HashMap<TenantId, OfTenant>,
    count: usize,
    /// What [`Self::look_up`] found in the running transaction, `None` where there is no such label. Texts that are
    /// remembered since are found there first.
    looked_up: HashMap<(TenantId, u8), HashMap<Box<str>, Option<Found>>>,
}

impl LabelCache {
    pub(crate) fn clear(&mut self) {
        self.tenants.clear();
        self.count = 0;
        self.looked_up.clear();
    }

    /// Forgets what was looked up: in the next transaction there may be more labels.
    pub(crate) fn end_transaction(&mut self) {
        self.looked_up.clear();
    }

    /// Looks up many texts at once, so that none of them costs a statement of its own until
    /// [`Self::end_transaction`]. Nothing is made: who makes a label is who needs it.
    pub(crate) fn look_up<'t>(
        &mut self,
        connection: &postgres::Connection,
        tenant: TenantId,
        wanted: impl IntoIterator<Item = (LabelKind, &'t str)>,
    ) -> Work<()> {
        let (mut kinds, mut texts) = (Vec::new(), Vec::new());
        for (kind, text) in wanted {
            let code = code_of(kind)?;
            if self.remembered(tenant, code, text).is_some() {
                continue;
            }
            let of_kind = self.looked_up.entry((tenant, code)).or_default();
            if !of_kind.contains_key(text) {
                of_kind.insert(text.into(), None);
                kinds.push(i64::from(code));
                texts.push(text);
            }
        }
        if texts.is_empty() {
            return Ok(());
        }
        let look_up = connection.prepared(statements::LABELS)?;
        let rows = connection.wait_for(connection.client().query(&look_up, &[&tenant.0, &kinds, &texts]))?;
        let damaged = |error: tokio_postgres::Error| Fault::Damaged(format!("a label: {error}"));
        for row in &rows {
            let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
            let (kind, text, number, is_listed): (i64, &str, i64, bool) = read().map_err(damaged)?;
            let of_kind = self.looked_up.entry((tenant, u8::try_from(kind).unwrap_or(0))).or_default();
            of_kind.insert(text.into(), Some(Found { number, is_listed }));
        }
        Ok(())
    }

    /// A label that is not remembered: as it was looked up, or else by a statement of its own.
    fn find(
        &self,
        connection: &Connection,
        tenant: TenantId,
        kind: LabelKind,
        text: &str,
    ) -> Work<Option<Found>> {
        let code = code_of(kind)?;
        if let Some(found) = self.looked_up.get(&(tenant, code)).and_then(|of_kind| of_kind.get(text)) {
            return Ok(*found);
        }
        // Whether such a user is listed is not known then.
        let found = find(connection, tenant, kind, text)?;
        Ok(found.map(|number| Found { number, is_listed: false }))
    }

    /// Gives back memory when little used.
    pub(crate) fn shrink(&mut self) {
        if self.count > MAX_REMEMBERED / 4 {
            self.clear();
        }
    }

    /// The number of a text, made at its first sight; 0 for none. A user or project met for the first time is made too.
    pub(crate) fn number(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        kind: LabelKind,
        text: Option<&str>,
        seen_ms: i64,
    ) -> Work<i64> {
        let Some(text) = text else { return Ok(0) };
        let code = code_of(kind)?;
        if let Some(number) = self.remembered(tenant, code, text) {
            return Ok(number);
        }
        if self.count >= MAX_REMEMBERED {
            self.clear();
        }
        let found = self.find(connection, tenant, kind, text)?;
        let number = match found {
            Some(found) => found.number,
            None => connection
                .prepare_cached(include_str!("../../sql/label/insert.sql"))?
                .query_row(params![tenant.0, code, text], |row| row.get(0))?,
        };
        match kind {
            _ if found.is_some_and(|found| found.is_listed) => {}
            LabelKind::Dimension(Dimension::User) => {
                let sql = include_str!("../../sql/user/first_seen.sql");
                connection.prepare_cached(sql)?.execute(params![tenant.0, text, seen_ms])?;
            }
            LabelKind::Dimension(Dimension::Project) => {
                let sql = include_str!("../../sql/project/first_seen.sql");
                connection.prepare_cached(sql)?.execute(params![tenant.0, text, seen_ms])?;
            }
            _ => {}
        }
        self.remember(tenant, code, text, number);
        Ok(number)
    }

    /// The number of a text that was met before, which is remembered; none is made.
    pub(crate) fn known(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        kind: LabelKind,
        text: &str,
    ) -> Work<Option<i64>> {
        let code = code_of(kind)?;
        if let Some(number) = self.remembered(tenant, code, text) {
            return Ok(Some(number));
        }
        let found = self.find(connection, tenant, kind, text)?.map(|found| found.number);
        if let Some(number) = found {
            if self.count >= MAX_REMEMBERED {
                self.clear();
            }
            self.remember(tenant, code, text, number);
        }
        Ok(found)
    }

    fn remembered(&self, tenant: TenantId, code: u8, text: &str) -> Option<i64> {
        self.tenants.get(&tenant)?[usize::from(code)].get(text).copied()
    }

    fn remember(&mut self, tenant: TenantId, code: u8, text: &str, number: i64) {
        self.tenants.entry(tenant).or_default()[usize::from(code)].insert(text.into(), number);
        self.count += 1;
    }
}

fn code_of(kind: LabelKind) -> Work<u8> {
    kind.code().ok_or_else(|| Fault::Damaged("the status has no labels".to_owned()))
}

/// The number of a text that is known already.
pub(crate) fn find(
    connection: &Connection,
    tenant: TenantId,
    kind: LabelKind,
    text: &str,
) -> Work<Option<i64>> {
    let number = connection
        .prepare_cached(include_str!("../../sql/label/find.sql"))?
        .query_row(params![tenant.0, kind.code(), text], |row| row.get(0))
        .optional()?;
    Ok(number)
}
