//! HTTP: extract, convert, call one use case, convert. Wire types live here and nowhere else.

mod amounts;
mod audit;
mod auth;
mod body;
mod error;
mod events;
mod health;
mod jwt;
mod keys;
mod layers;
mod limit_map;
mod limits;
mod limits_admin;
mod list;
mod metrics;
mod page;
mod params;
mod prices;
mod projects;
mod router;
mod session;
mod state;
mod tenants;
mod tiers;
mod timings;
mod usage_live;
mod usage_metrics;
mod usage_query;
mod user_limits;
mod users;

pub use jwt::{JwtConfig, JwtVerifier};
pub(crate) use layers::chain;
pub use router::{openapi, router};
pub use state::{AppState, HttpSettings};
