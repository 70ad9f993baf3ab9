//! Alerts: what was noticed, whom to tell, and whether it arrived.

use super::{Audit, Page, PageRequest, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::alert::{AlertKind, AlertRule, ChannelKind, Severity};
use serde_json::Value;

/// Something to tell. It is raised once for its key; a second time nothing happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// What it is about; the tenant's rule for this kind says whether it is raised at all.
    pub kind: AlertKind,
    /// What makes it this one. The first two parts are its subject: `budget/ID/START_MS/PPM/NANOS`.
    pub key: String,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence for people.
    pub title: String,
    /// Ids of the channels to tell; `None` or none for those of the rule.
    pub channels: Option<Vec<String>>,
    /// A JSON object with the figures behind it.
    pub detail: Value,
    /// The user it tells of: erasing that user erases it.
    pub user: Option<String>,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}

/// A way to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// UUID.
    pub id: String,
    /// For people; one of its name a tenant.
    pub name: String,
    /// What it is.
    pub kind: ChannelKind,
    /// Mail: the addresses.
    pub to: Vec<String>,
    /// Webhook: the address. That of Slack is sealed.
    pub url: Option<String>,
    /// The address of Slack, or the secret that a webhook is signed with.
    pub sealed: Option<Vec<u8>>,
    /// Whether alerts go there.
    pub enabled: bool,
    /// Why it was switched off by itself.
    pub off_because: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
}

/// Where one message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Still to arrive: never tried, or to be tried again.
    Open,
    /// The other side has taken it.
    Delivered,
    /// Given up.
    Failed,
}

/// One alert on its way to one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number in the store.
    pub seq: i64,
    /// The channel.
    pub channel_id: String,
    /// Its name when the alert was raised.
    pub channel_name: String,
    /// What it is.
    pub channel_kind: ChannelKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not tried before, Unix milliseconds.
    pub next_ms: i64,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was tried last, Unix milliseconds.
    pub last_try_ms: Option<i64>,
    /// When it arrived, Unix milliseconds.
    pub delivered_ms: Option<i64>,
}

/// An alert that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its number in the store; later ones have larger ones.
    pub seq: i64,
    /// UUID, made of tenant and key.
    pub id: String,
    /// What makes it this one.
    pub key: String,
    /// What it is about.
    pub kind: AlertKind,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence for people.
    pub title: String,
    /// A JSON object with the figures behind it.
    pub detail: Value,
    /// When, Unix milliseconds.
    pub raised_ms: i64,
    /// Until when its subject is snoozed, Unix milliseconds; may be over.
    pub snoozed_until_ms: Option<i64>,
    /// Whom it was to be told to.
    pub deliveries: Vec<Delivery>,
}

/// Which alerts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Only this kind.
    pub kind: Option<AlertKind>,
    /// Only this severity.
    pub severity: Option<Severity>,
    /// Only those with a delivery in this state.
    pub state: Option<DeliveryState>,
    /// Raised at or after, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// Raised before, Unix milliseconds.
    pub to_ms: Option<i64>,
}

/// A message that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    /// Of which tenant.
    pub tenant: TenantId,
    /// The tenant's slug, for people.
    pub tenant_slug: String,
    /// The message; `deliveries` holds just the one that is due.
    pub alert: Alert,
    /// Where to; `None` when the channel was deleted.
    pub channel: Option<Channel>,
}

/// Which messages are to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRequest {
    /// Now, Unix milliseconds.
    pub now_ms: i64,
    /// Channels to which something is on its way.
    pub busy: Vec<(TenantId, String)>,
    /// Begin after this tenant, so that everybody gets a turn.
    pub after: TenantId,
    /// At most so many.
    pub most: usize,
    /// At most so many of one tenant, busy channels included.
    pub most_of_tenant: usize,
}

/// What became of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It arrived; the sentence says where it did not.
    Delivered(Option<String>),
    /// It did not, and is tried again at this moment, Unix milliseconds.
    Later(String, i64),
    /// It did not, and is given up.
    Failed(String),
    /// The other side wants no more of them: given up, and the channel is switched off.
    Gone(String),
}

/// Keeps channels, rules, alerts and their deliveries.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Channels by id.
    async fn channels(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Channel>>;
    /// One channel.
    async fn channel(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Channel>>;
    /// Makes a channel; a taken name is a conflict, and so is one too many.
    async fn create_channel(&self, tenant: TenantId, channel: Channel, audit: Audit) -> StoreResult<()>;
    /// Changes a channel.
    async fn update_channel(&self, tenant: TenantId, channel: Channel, audit: Audit) -> StoreResult<()>;
    /// Deletes a channel; what was on its way there is given up.
    async fn delete_channel(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;

    /// The rule of one kind.
    async fn alert_rule(&self, tenant: TenantId, kind: AlertKind) -> StoreResult<AlertRule>;
    /// The rules of every kind.
    async fn alert_rules(&self, tenant: TenantId) -> StoreResult<Vec<AlertRule>>;
    /// Sets the rule of one kind; a channel that is not there is refused.
    async fn set_alert_rule(&self, tenant: TenantId, rule: AlertRule, audit: Audit) -> StoreResult<()>;

    /// A number that changes when anything is recorded of a tenant or decided for it.
    fn activity(&self, tenant: TenantId) -> u64;
    /// Raises an alert unless it was raised before; tells whether it is new.
    async fn raise_alert(&self, tenant: TenantId, alert: NewAlert) -> StoreResult<bool>;
    /// Alerts, newest first.
    async fn alerts(
        &self,
        tenant: TenantId,
        filter: AlertFilter,
        page: PageRequest,
    ) -> StoreResult<Page<Alert>>;
    /// One alert.
    async fn alert(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Alert>>;
    /// Snoozes the subject of an alert until this moment, or ends that: what is open waits so long, and what is raised.
    async fn snooze_alert(
        &self,
        tenant: TenantId,
        id: &str,
        until_ms: Option<i64>,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Has everything of an alert that did not arrive tried again from the beginning, also what waits; answers how much.
    async fn retry_alert(&self, tenant: TenantId, id: &str, now_ms: i64, audit: Audit) -> StoreResult<usize>;

    /// Messages of all tenants that are due, the first of each channel that is not busy.
    async fn due_deliveries(&self, request: DueRequest) -> StoreResult<Vec<DueDelivery>>;
    /// Notes what became of a try, after the other side's answer. When one arrives, what waits for another try to the same
    /// channel is due at once; when one does not, it waits as long.
    async fn tried_delivery(&self, seq: i64, tried: Tried, at_ms: i64) -> StoreResult<()>;
    /// Forgets alerts raised before this moment, a few at a time; tells whether there may be more.
    async fn forget_alerts(&self, before_ms: i64) -> StoreResult<bool>;
}
