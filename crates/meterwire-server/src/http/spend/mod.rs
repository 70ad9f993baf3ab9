//! R1: what was spent, where the budget stands, how models compare, where money is wasted. Money is a JSON number of US
//! dollars with up to nine decimals, except in what-if, which is of `/api/v1`.

mod budget;
mod evidence;
mod insight;
mod model;
mod usage;
mod what_if;

pub(crate) use budget::*;
pub(crate) use insight::*;
pub(crate) use model::*;
pub(crate) use usage::*;
pub(crate) use what_if::*;

use crate::http::error::ApiError;
use crate::http::params::Params;
use meterwire_app::SpendQuery;

/// Whose usage, without a range.
fn take_scope(params: &mut Params) -> Result<SpendQuery, ApiError> {
    Ok(SpendQuery {
        tenant: params.take("tenant")?,
        workspace: params.take("workspace")?,
        tz: params.take("tz")?,
        ..SpendQuery::default()
    })
}

/// Whose usage, over which range.
fn take_scope_and_range(params: &mut Params) -> Result<SpendQuery, ApiError> {
    Ok(SpendQuery { range: params.take_range()?, ..take_scope(params)? })
}
