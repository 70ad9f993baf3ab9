//! What lies beyond the store: secrets, other people's servers.

use super::report_source::{NoSource, ReportSource};
use async_trait::async_trait;
use meterwire_core::alert::{AlertKind, Severity};
use serde_json::Value;
use std::sync::Arc;

/// Seals secrets, so that a copy of the data directory gives none away.
pub trait Secrets: Send + Sync {
    /// Seals a text. `about` says what it is for and is needed again to open it; it is not secret.
    fn seal(&self, about: &str, secret: &str) -> Result<Vec<u8>, SecretError>;
    /// Opens what was sealed for the same purpose.
    fn open(&self, about: &str, sealed: &[u8]) -> Result<String, SecretError>;
}

/// Why a secret cannot be sealed or opened; the sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(pub String);

/// A mail to some people, who see each other's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Plain addresses: `ops@example.com`.
    pub to: Vec<String>,
    /// One line.
    pub subject: String,
    /// The whole message as plain text.
    pub text: String,
    /// The same as HTML, where there is one; nothing in it may have to be fetched.
    pub html: Option<String>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: `usage-2026-10.pdf`.
    pub name: String,
    /// Its media type: `application/pdf`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Where a notice goes to.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    /// Mail to these addresses.
    Mail(Vec<String>),
    /// An incoming webhook of Slack; the address is a secret.
    Slack {
        /// The address.
        url: String,
    },
    /// An address of somebody's own; the message is signed as Standard Webhooks says.
    Webhook {
        /// The address.
        url: String,
        /// `whsec_..`, what it is signed with.
        secret: String,
    },
}

/// What a channel is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Names the message, the same at each try, so that the other side can tell a second arrival.
    pub id: String,
    /// Whether somebody only wants to see whether it arrives.
    pub is_test: bool,
    /// The tenant's slug.
    pub tenant: String,
    /// What it is about.
    pub kind: AlertKind,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence for people.
    pub title: String,
    /// A JSON object with the figures behind it.
    pub detail: Value,
    /// When it was noticed, Unix milliseconds.
    pub raised_ms: i64,
    /// When this is sent, Unix milliseconds.
    pub at_ms: i64,
}

/// A message that the other side has taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What it has not done all the same: addresses of a mail that were refused for good while others were taken.
    pub refused: Option<String>,
}

/// Why a message did not arrive. The sentence is for the people who set the channel up; it holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct SendError {
    /// What happened.
    pub sentence: String,
    /// What to do about it.
    pub then: SendAgain,
}

/// Whether it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendAgain {
    /// Yes, not before the pause that the other side asked for, in milliseconds.
    Later(Option<i64>),
    /// No: it would be refused again.
    Never,
    /// No, and nothing else should be sent there.
    Gone,
}

/// Sends messages. A success means that the other side has taken it.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Sends a mail.
    async fn mail(&self, mail: Mail) -> Result<Taken, SendError>;
    /// Tells of an alert.
    async fn tell(&self, destination: &Destination, notice: &Notice) -> Result<Taken, SendError>;
    /// Refuses an address that nothing would ever be sent to; the sentence says why.
    fn check_url(&self, url: &str) -> Result<(), String>;
    /// Whether mail can be sent at all.
    fn can_mail(&self) -> bool;
}

/// Everything beyond the store. What is not there refuses with a sentence.
#[derive(Clone)]
pub struct Outside {
    /// Seals secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Sends messages.
    pub messenger: Arc<dyn Messenger>,
    /// Asks providers what was used.
    pub reports: Arc<dyn ReportSource>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { secrets: Arc::new(NoSecrets), messenger: Arc::new(NoMessenger), reports: Arc::new(NoSource) }
    }
}

struct NoSecrets;

impl Secrets for NoSecrets {
    fn seal(&self, _about: &str, _secret: &str) -> Result<Vec<u8>, SecretError> {
        Err(SecretError("there is no key to seal secrets with".to_owned()))
    }

    fn open(&self, _about: &str, _sealed: &[u8]) -> Result<String, SecretError> {
        Err(SecretError("there is no key to open secrets with".to_owned()))
    }
}

struct NoMessenger;

fn nothing_is_sent<T>() -> Result<T, SendError> {
    let sentence = "nothing is sent from here".to_owned();
    Err(SendError { sentence, then: SendAgain::Later(None) })
}

#[async_trait]
impl Messenger for NoMessenger {
    async fn mail(&self, _mail: Mail) -> Result<Taken, SendError> {
        nothing_is_sent()
    }

    async fn tell(&self, _destination: &Destination, _notice: &Notice) -> Result<Taken, SendError> {
        nothing_is_sent()
    }

    fn check_url(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }

    fn can_mail(&self) -> bool {
        false
    }
}
