#![doc = include_str!("../README.md")]

mod amount;
mod backoff;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
mod clock;
mod driver;
mod error;
mod event;
#[cfg(feature = "tower")]
mod layer;
mod recorder;
mod reply;
mod request;
mod reservation;
mod settings;
mod transport;

pub use amount::{Amount, AmountError};
pub use client::Client;
pub use error::{Error, LimitExceeded, Refusal};
pub use event::{Event, TokenUsage};
#[cfg(feature = "tower")]
pub use layer::{RequireUsageLimit, UsageHold, UsageLimit, UserId};
pub use recorder::{Recorder, RecorderBuilder, RecorderStats};
pub use reply::{
    DayOfUsage, Decided, DecidedAll, EventProblem, EventResult, Ingested, NearLimit, ReservationState,
    ResetDone, Standing, Status, TopUser, TopUsers, User, Verdict, Window,
};
pub use request::{Bulk, Commit, Decision, Hold, Item, Reset};
pub use reservation::Reservation;
pub use settings::Builder;
