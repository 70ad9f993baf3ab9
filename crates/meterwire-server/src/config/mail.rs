//! `[mail]` and `[outgoing]`.

use super::or_text;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The mail server that alerts and reports go through. Without `url` no mail is sent.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// `smtps://host` (TLS from the first byte, port 465), `smtp://host` (STARTTLS, which must succeed, port 587) or
    /// `smtp+plain://host` (no TLS at all, port 25). A user and password may stand in it.
    pub url: Option<String>,
    /// Whom mail is from: `Meterwire <meterwire@example.com>`.
    pub from: Option<String>,
    /// The user, where it is not in the address.
    pub user: Option<String>,
    /// The password, where it is not in the address.
    pub password: Option<String>,
    /// A file of certificates (PEM) that are trusted besides the machine's own.
    pub ca_file: Option<PathBuf>,
}

/// Requests to addresses that customers enter: webhooks, Slack, base addresses of providers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutgoingConfig {
    /// Whether they may lead into private networks and to this machine itself.
    #[serde(deserialize_with = "or_text")]
    pub allow_inside: bool,
}

impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig")
            .field("url", &self.url.as_ref().map(|_| ".."))
            .field("from", &self.from)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| ".."))
            .field("ca_file", &self.ca_file)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_printed() {
        let mail = MailConfig {
            url: Some("smtps://u:geheim@mail.example".to_owned()),
            password: Some("geheim".to_owned()),
            ..MailConfig::default()
        };
        assert!(!format!("{mail:?}").contains("geheim"));
    }
}
