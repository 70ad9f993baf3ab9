//! Sending: mail, Slack and signed webhooks, and the guard before them.

pub(crate) mod courier;
pub(crate) mod guard;
mod mail;
mod message;
mod slack;
#[cfg(test)]
mod tests;
mod webhook;

use crate::config::{MailConfig, OutgoingConfig};
use crate::outgoing::{NoAnswer, Outgoing};
use async_trait::async_trait;
use mail::Mailer;
use message::Wording;
use meterwire_app::ports::{Destination, Mail, Messenger, Notice, SendAgain, SendError, Taken};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// So long may one request take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends what the use cases hand it.
pub(crate) struct Sender {
    outgoing: Outgoing,
    mailer: Option<Mailer>,
    wording: Wording,
}

impl Sender {
    /// Reads the settings; errors are sentences.
    pub(crate) fn new(
        mail: &MailConfig,
        outgoing: &OutgoingConfig,
        public_url: Option<&str>,
    ) -> Result<Self, String> {
        Ok(Self {
            outgoing: Outgoing::new(outgoing.allow_inside, TIMEOUT)?,
            mailer: Mailer::from_config(mail)?,
            wording: Wording::new(public_url),
        })
    }
}

#[async_trait]
impl Messenger for Sender {
    async fn mail(&self, mail: Mail) -> Result<Taken, SendError> {
        if let Some(mailer) = &self.mailer {
            return mailer.send(mail).await;
        }
        let sentence = "no mail server is set: the admin sets [mail] url and from".to_owned();
        Err(SendError { sentence, then: SendAgain::Later(None) })
    }

    async fn tell(&self, destination: &Destination, notice: &Notice) -> Result<Taken, SendError> {
        match destination {
            Destination::Mail(to) => self.mail(self.wording.mail(to, notice)).await,
            Destination::Slack { url } => {
                slack::send(&self.outgoing, url, self.wording.slack(notice), TIMEOUT).await
            }
            Destination::Webhook { url, secret } => {
                webhook::send(&self.outgoing, (url, secret), notice, self.wording.webhook(notice), TIMEOUT)
                    .await
            }
        }
    }

    fn check_url(&self, url: &str) -> Result<(), String> {
        self.outgoing.check(url).map(drop).map_err(|refused| refused.to_string())
    }

    fn can_mail(&self) -> bool {
        self.mailer.is_some()
    }
}

/// What no answer means for another try: what the guard refuses it will refuse again.
fn unanswered(error: &NoAnswer) -> SendError {
    let then = match error {
        NoAnswer::Refused(_) => SendAgain::Never,
        _ => SendAgain::Later(None),
    };
    SendError { sentence: error.to_string(), then }
}

/// The pause that an answer asks for, in milliseconds.
fn asked_pause_ms(headers: &HeaderMap) -> Option<i64> {
    let seconds: i64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.clamp(0, 86_400) * 1000)
}
