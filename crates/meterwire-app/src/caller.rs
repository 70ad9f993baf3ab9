//! Who asks, and what the role allows. The tenant always comes from the token.

use crate::error::AppError;
use crate::ports::{Role, Tenant};

/// What a use case needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read usage and the catalogue of a tenant.
    Read,
    /// Write events.
    Record,
    /// Take limit decisions.
    Decide,
    /// Change a tenant's catalogue, void events, read its keys and audit log.
    Own,
    /// Everything about the instance.
    Administer,
}

/// An authenticated caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What it may do.
    pub role: Role,
    /// Its tenant; `None` only for the admin.
    pub tenant: Option<Tenant>,
    /// The user it acts for.
    pub user: Option<String>,
    /// The project it is bound to: what it records and decides belongs to this one and to no other.
    pub project: Option<String>,
    /// The key it came with; `None` for a JWT.
    pub key: Option<CallerKey>,
    /// How the audit log calls it.
    pub actor: String,
    /// Whatever its role: it came with an embed token, which lies open in somebody's browser.
    pub only_reads: bool,
}

/// The key a caller came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerKey {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The public beginning of its token.
    pub prefix: String,
}

impl Caller {
    /// The instance's own hand: the command line on a data directory.
    pub fn command_line() -> Self {
        Self {
            role: Role::Admin,
            tenant: None,
            user: None,
            project: None,
            key: None,
            actor: "cli".to_owned(),
            only_reads: false,
        }
    }

    /// Refuses a caller whose role does not reach.
    pub fn require(&self, access: Access) -> Result<(), AppError> {
        let allowed = match access {
            Access::Read => self.role != Role::Ingest,
            Access::Record => matches!(self.role, Role::Admin | Role::Owner | Role::Ingest),
            Access::Decide => self.role != Role::Viewer,
            Access::Own => matches!(self.role, Role::Admin | Role::Owner),
            Access::Administer => self.role == Role::Admin,
        };
        if self.only_reads && access != Access::Read {
            return Err(AppError::Forbidden("an embed token only reads"));
        }
        if allowed {
            return Ok(());
        }
        Err(AppError::Forbidden(match access {
            Access::Read => "this key only writes events; reading needs the role viewer, member or owner",
            Access::Record => "writing events needs the role ingest or owner",
            Access::Decide => "limit decisions need the role member, ingest or owner",
            Access::Own => "this needs the role owner",
            Access::Administer => "this needs the instance's admin token",
        }))
    }

    /// The project that something belongs to: the one its key is bound to, else the one that is named. A bound key that names
    /// another is refused.
    pub(crate) fn project_for(&self, named: Option<String>) -> Result<Option<String>, AppError> {
        match (&self.project, named) {
            (Some(own), Some(named)) if *own != named => Err(AppError::OtherProject(own.clone())),
            (Some(own), _) => Ok(Some(own.clone())),
            (None, named) => Ok(named),
        }
    }

    /// The user whose usage this caller is confined to.
    pub fn confined_to(&self) -> Option<&str> {
        (self.role == Role::Member).then_some(self.user.as_deref()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_key_names_its_project_or_none() {
        let free = Caller::command_line();
        let bound = Caller { project: Some("bot".to_owned()), ..free.clone() };
        let named =
            |caller: &Caller, project: Option<&str>| caller.project_for(project.map(str::to_owned)).ok();
        assert_eq!(named(&bound, None), Some(Some("bot".to_owned())));
        assert_eq!(named(&bound, Some("bot")), Some(Some("bot".to_owned())));
        assert_eq!(named(&bound, Some("other")), None);
        assert_eq!(named(&free, Some("other")), Some(Some("other".to_owned())));
        assert_eq!(named(&free, None), Some(None));
    }

    #[test]
    fn roles_reach_exactly_as_far_as_the_contract_says() {
        let reach = |role| {
            let caller = Caller { role, ..Caller::command_line() };
            [Access::Read, Access::Record, Access::Decide, Access::Own, Access::Administer]
                .map(|a| caller.require(a).is_ok())
        };
        assert_eq!(reach(Role::Admin), [true, true, true, true, true]);
        assert_eq!(reach(Role::Owner), [true, true, true, true, false]);
        assert_eq!(reach(Role::Member), [true, false, true, false, false]);
        assert_eq!(reach(Role::Viewer), [true, false, false, false, false]);
        assert_eq!(reach(Role::Ingest), [false, true, true, false, false]);
    }

    #[test]
    fn an_embed_token_only_reads_whatever_its_role() {
        for role in [Role::Admin, Role::Owner, Role::Member, Role::Viewer] {
            let caller = Caller { role, only_reads: true, ..Caller::command_line() };
            assert!(caller.require(Access::Read).is_ok());
            for access in [Access::Record, Access::Decide, Access::Own, Access::Administer] {
                assert!(caller.require(access).is_err(), "{role:?} {access:?}");
            }
        }
    }
}
