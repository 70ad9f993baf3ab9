//! HTTP: extract, convert, call one use case, convert. Wire types live here and nowhere else.

mod audit;
mod auth;
mod body;
mod error;
mod events;
mod health;
mod jwt;
mod keys;
mod layers;
mod list;
mod page;
mod params;
mod prices;
mod projects;
mod router;
mod session;
mod state;
mod tenants;
mod usage_live;
mod usage_metrics;
mod usage_query;
mod users;

pub use jwt::{JwtConfig, JwtVerifier};
pub use router::{openapi, router};
pub use state::{AppState, HttpSettings};
