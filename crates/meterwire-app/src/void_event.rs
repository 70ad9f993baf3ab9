//! Voiding an event: totals follow, the audit log keeps it.

use crate::ports::Voided;
use crate::{Access, AppError, Caller, Meterwire};

impl Meterwire {
    /// Voids the event with this identity, of any age.
    pub async fn void_event(
        &self,
        caller: &Caller,
        named: Option<&str>,
        source: &str,
        id: &str,
    ) -> Result<Voided, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let audit = self.audit(caller, "event.void", &format!("{source}/{id}"));
        Ok(self.ledger.void(tenant.id, source, id, audit).await?)
    }
}
