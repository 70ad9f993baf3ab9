//! Delivery: what is due goes out, and is marked only after the other side has answered. After a crash it goes out again,
//! under the same id.

use crate::ports::{
    Channel, Destination, DueDelivery, DueRequest, Notice, Secrets, SendAgain, SendError, TenantId, Tried,
};
use crate::{AppError, Meterwire};
use meterwire_core::alert::{ChannelKind, next_try_ms};
use std::sync::atomic::Ordering;

/// What the secrets of channels are sealed for.
pub(crate) const SECRET_OF_CHANNEL: &str = "channel";
/// Alerts are kept so long: longer than the longest period of a budget, whose thresholds are told once.
const KEPT_MS: i64 = 800 * 86_400_000;
/// So often old alerts are looked for.
const UPKEEP_EVERY_MS: i64 = 6 * 3_600_000;
/// The most messages of one tenant that are on their way at a time.
const MOST_OF_TENANT: usize = 4;

/// A message that is to be sent now, and where to.
#[derive(Debug)]
pub struct Outbound {
    due: DueDelivery,
}

impl Outbound {
    /// The channel that is busy as long as this is on its way.
    pub fn place(&self) -> (TenantId, String) {
        let channel = self.due.alert.deliveries.first().map(|delivery| delivery.channel_id.clone());
        (self.due.tenant, channel.unwrap_or_default())
    }
}

impl Meterwire {
    /// What is to be sent now, at most one message a channel and a few a tenant; nothing to channels that are busy. Begins
    /// after a tenant, so that everybody gets a turn.
    pub async fn due_deliveries(
        &self,
        busy: Vec<(TenantId, String)>,
        after: TenantId,
        most: usize,
    ) -> Result<Vec<Outbound>, AppError> {
        let now_ms = self.now_ms();
        let request = DueRequest { now_ms, busy, after, most, most_of_tenant: MOST_OF_TENANT };
        let due = self.alerts.due_deliveries(request).await?;
        Ok(due.into_iter().map(|due| Outbound { due }).collect())
    }

    /// Sends one message and notes what became of it.
    pub async fn deliver(&self, outbound: Outbound) -> Result<(), AppError> {
        let DueDelivery { tenant_slug, alert, channel, .. } = outbound.due;
        let Some(delivery) = alert.deliveries.first() else { return Ok(()) };
        let attempts = delivery.attempts + 1;
        let notice = Notice {
            id: alert.id,
            is_test: false,
            tenant: tenant_slug,
            kind: alert.kind,
            severity: alert.severity,
            title: alert.title,
            detail: alert.detail,
            raised_ms: alert.raised_ms,
            at_ms: self.now_ms(),
        };
        let result = match &channel {
            None => Err(never("the channel was deleted")),
            Some(channel) if !channel.enabled => Err(never("the channel is switched off")),
            Some(channel) => match destination(&*self.outside.secrets, channel) {
                Ok(destination) => self.outside.messenger.tell(&destination, &notice).await,
                Err(error) => Err(error),
            },
        };
        let now_ms = self.now_ms();
        let tried = match result {
            Ok(taken) => Tried::Delivered(taken.refused),
            Err(SendError { sentence, then: SendAgain::Gone }) => Tried::Gone(sentence),
            Err(SendError { sentence, then: SendAgain::Never }) => Tried::Failed(sentence),
            Err(SendError { sentence, then: SendAgain::Later(asked_ms) }) => {
                match next_try_ms(attempts, delivery.seq, asked_ms, now_ms) {
                    Some(next_ms) => Tried::Later(sentence, next_ms),
                    None => Tried::Failed(sentence),
                }
            }
        };
        Ok(self.alerts.tried_delivery(delivery.seq, tried, now_ms).await?)
    }

    /// Forgets old alerts, a few at a time; tells whether there is more to do at once.
    pub async fn run_alert_upkeep(&self) -> Result<bool, AppError> {
        let now_ms = self.now_ms();
        if now_ms < self.next_alert_upkeep_ms.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let more = self.alerts.forget_alerts(now_ms - KEPT_MS).await?;
        if !more {
            self.next_alert_upkeep_ms.store(now_ms + UPKEEP_EVERY_MS, Ordering::Relaxed);
        }
        Ok(more)
    }
}

/// Where a channel leads to, its secret opened.
pub(crate) fn destination(secrets: &dyn Secrets, channel: &Channel) -> Result<Destination, SendError> {
    let opened = || {
        let sealed = channel.sealed.as_deref().ok_or_else(|| never("the channel has lost its secret"))?;
        secrets.open(SECRET_OF_CHANNEL, sealed).map_err(|error| SendError {
            // The admin may bring the right key back.
            sentence: format!("the secret of the channel cannot be opened: {error}"),
            then: SendAgain::Later(None),
        })
    };
    match channel.kind {
        ChannelKind::Email => Ok(Destination::Mail(channel.to.clone())),
        ChannelKind::Slack => Ok(Destination::Slack { url: opened()? }),
        ChannelKind::Webhook => {
            let url = channel.url.clone().ok_or_else(|| never("the channel has no address"))?;
            Ok(Destination::Webhook { url, secret: opened()? })
        }
    }
}

fn never(sentence: &str) -> SendError {
    SendError { sentence: sentence.to_owned(), then: SendAgain::Never }
}
