//! Erasing a user: totals stay, the identity goes.

use crate::ports::StoreError;
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::invalid::Invalid;

/// So often a pseudonym is made until one is free.
const MAX_TRIES: usize = 4;
/// The most steps of one round of the job; what is left is done in the next.
const MAX_STEPS: usize = 50;
/// Events of one step: others wait for the writer while they are cleared.
const EVENTS_A_STEP: usize = 500;

/// What became of a user that was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// What stands for the user from now on.
    pub pseudonym: String,
    /// Whether its events were cleared already; else a job does it soon.
    pub complete: bool,
}

impl Meterwire {
    /// Erases a user. `confirmed` names it once more, since this cannot be taken back.
    pub async fn erase_user(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        confirmed: &str,
    ) -> Result<Erased, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        if confirmed != id {
            return Err(Invalid::new("user", "user must be the id of the user that is to be erased").into());
        }
        let mut tries = 0;
        let pseudonym = loop {
            let pseudonym = format!("erased-{}", short_random());
            let audit = self.audit(caller, "user.erase", &pseudonym);
            match self.catalog.erase_user(tenant.id, id, &pseudonym, audit).await {
                Ok(()) => break pseudonym,
                Err(StoreError::Conflict(_)) if tries < MAX_TRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        };
        // A key of that user ends at once.
        self.callers.clear();
        // The one that leads clears their events, and so does it later where ClickHouse is away.
        let complete = match self.run_erasure_jobs().await {
            Ok(more) => !more && self.ledger.leads(),
            Err(AppError::Store(StoreError::Unavailable(_))) => false,
            Err(error) => return Err(error),
        };
        Ok(Erased { pseudonym, complete })
    }

    /// One round of the job that clears the events of erased users; `true` where there is more to do.
    pub async fn run_erasure_jobs(&self) -> Result<bool, AppError> {
        for _ in 0..MAX_STEPS {
            if !self.catalog.clear_erased(EVENTS_A_STEP).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Eight random characters of 0-9 and a-f.
fn short_random() -> String {
    // The first 48 bits of a version-4 id are random.
    uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_differ() {
        let made: std::collections::HashSet<String> = (0..100).map(|_| short_random()).collect();
        assert_eq!(made.len(), 100);
        assert!(made.iter().all(|text| text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit())));
    }
}
