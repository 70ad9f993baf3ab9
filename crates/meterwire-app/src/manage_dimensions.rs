//! Dimensions: the built-in ones, and the properties of events that a tenant declares.

use crate::ports::TenantId;
use crate::{AppError, Meterwire};
use meterwire_core::dimension::Dimensions;

impl Meterwire {
    /// The dimensions that a tenant knows.
    #[expect(clippy::unused_async, reason = "asks the catalogue")]
    pub(crate) async fn dimensions(&self, _tenant: TenantId) -> Result<Dimensions, AppError> {
        Ok(Dimensions::default())
    }
}
