//! Erasing a user: what was counted stays, who it was goes.
//!
//! Every text that names the user is replaced in one transaction, so a new event of the same name is a new user's at once.
//! What the single events say besides is cleared by a job that knows the user by its number alone and goes on where it was
//! after a crash. Deleted content is overwritten in the database, and the log of writes is emptied behind both.

use super::read;
use crate::error::Work;
use crate::label::LabelKind;
use crate::session::{Session, find_label};
use crate::sql::{Connection, params};
use meterwire_app::ports::{Audit, StoreError, TenantId};
use meterwire_core::dimension::Dimension;

/// A user to be erased.
pub(super) struct Erase {
    pub(super) tenant: TenantId,
    pub(super) user: String,
    /// What stands in its place from now on.
    pub(super) pseudonym: String,
    pub(super) audit: Audit,
}

impl Erase {
    pub(super) fn run(&self, session: &mut Session) -> Work<()> {
        session.require_tenant(self.tenant)?;
        let connection = &session.connection;
        let kind = LabelKind::Dimension(Dimension::User);
        let label = find_label(connection, self.tenant, kind, &self.user)?;
        if label.is_none() && self.find_user(connection, &self.user)?.is_none() {
            return Err(StoreError::NotFound("user").into());
        }
        let is_taken = find_label(connection, self.tenant, kind, &self.pseudonym)?.is_some()
            || self.find_user(connection, &self.pseudonym)?.is_some();
        if is_taken {
            return Err(StoreError::Conflict(format!("there is a user {} already", self.pseudonym)).into());
        }
        if let Some(label) = label {
            session.change(include_str!("../../sql/label/rename.sql"), params![self.pseudonym, label])?;
            let last_seq = session.last_seq()?;
            let columns = params![self.tenant.0, label, self.pseudonym, self.audit.at_ms, last_seq];
            session.change(include_str!("../../sql/erasure/insert.sql"), columns)?;
        }
        self.rename_counters(session)?;
        self.rename_rest(session)?;
        session.audit(Some(self.tenant), &self.audit)?;
        session.forget_labels();
        session.forget_limits_of(self.tenant, &self.user);
        session.forget_budgets(self.tenant);
        session.forget_erased(label);
        Ok(())
    }

    fn find_user(&self, connection: &Connection, id: &str) -> Work<Option<meterwire_app::ports::User>> {
        read::one(connection, include_str!("../../sql/user/one.sql"), params![self.tenant.0, id], read::user)
    }

    /// Found day by day, since a scan of every user's counters would keep others waiting.
    fn rename_counters(&self, session: &Session) -> Work<()> {
        let connection = &session.connection;
        let mut statement = connection.prepare_cached("SELECT id FROM metric WHERE tenant_id = ?")?;
        let metrics = statement.query_map([self.tenant.0], |row| row.get(0))?;
        for metric in metrics.collect::<crate::sql::Result<Vec<i64>>>()? {
            let mut day = i64::MIN;
            let mut next_day = connection.prepare_cached(include_str!("../../sql/counter/next_day.sql"))?;
            let rename = include_str!("../../sql/counter/rename_user.sql");
            while let Some(next) =
                next_day.query_row(params![self.tenant.0, metric, day], |row| row.get::<_, Option<i64>>(0))?
            {
                day = next;
                session.change(rename, params![self.pseudonym, self.tenant.0, metric, day, self.user])?;
            }
            let rename = include_str!("../../sql/level/rename_user.sql");
            session.change(rename, params![self.pseudonym, self.tenant.0, metric, self.user])?;
        }
        Ok(())
    }

    fn rename_rest(&self, session: &Session) -> Work<()> {
        let (tenant, user, pseudonym) = (self.tenant.0, &self.user, &self.pseudonym);
        session.change(include_str!("../../sql/user/rename.sql"), params![pseudonym, tenant, user])?;
        session.change(include_str!("../../sql/limit/user_clear.sql"), params![tenant, user])?;
        session.change(include_str!("../../sql/session/delete_of_user.sql"), params![tenant, user])?;
        let revoke = include_str!("../../sql/key/erase_user.sql");
        session.change(revoke, params![pseudonym, self.audit.at_ms, tenant, user])?;
        for sql in [
            include_str!("../../sql/reservation/rename_held.sql"),
            include_str!("../../sql/reservation/rename_settled.sql"),
        ] {
            session.change(sql, params![pseudonym, tenant, user])?;
        }
        let (old, new) = (in_answer(user), in_answer(pseudonym));
        session.change(include_str!("../../sql/idempotency/rename_user.sql"), params![old, new, tenant])?;
        session.change(include_str!("../../sql/audit/rename_user.sql"), params![user, pseudonym, tenant])?;
        crate::budget::erase_user(&session.connection, self.tenant, user, pseudonym)?;
        crate::alert::erase_user(&session.connection, self.tenant, user)?;
        Ok(())
    }
}

/// How a remembered answer names a user.
fn in_answer(user: &str) -> String {
    format!("\"user\":{}", serde_json::Value::from(user))
}
