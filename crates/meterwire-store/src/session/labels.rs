//! Numbers of labels, remembered by who writes.

use crate::error::{Fault, Work};
use crate::label::{KIND_CODES, LabelKind};
use crate::sql::{Connection, OptionalExtension, params};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::Dimension;

/// The most labels that are remembered; beyond, all are forgotten and looked up again.
const MAX_REMEMBERED: usize = 50_000;

type OfTenant = [HashMap<Box<str>, i64>; KIND_CODES];

/// Remembered labels. Every one of them is in the database or in the running transaction.
#[derive(Default)]
pub(crate) struct LabelCache {
    tenants: HashMap<TenantId, OfTenant>,
    count: usize,
}

impl LabelCache {
    pub(crate) fn clear(&mut self) {
        self.tenants.clear();
        self.count = 0;
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
        let number = match find(connection, tenant, kind, text)? {
            Some(number) => number,
            None => connection
                .prepare_cached(include_str!("../../sql/label/insert.sql"))?
                .query_row(params![tenant.0, code, text], |row| row.get(0))?,
        };
        match kind {
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
        let found = find(connection, tenant, kind, text)?;
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
