//! Channels: the ways to people.

use crate::invalid::Invalid;
use std::str::FromStr;

/// The most channels of one tenant.
pub const MAX_CHANNELS_OF_TENANT: usize = 20;
/// The most addresses that one message is mailed to.
pub const MAX_RECIPIENTS: usize = 20;
/// The longest address of mail, as RFC 5321 has it.
const MAX_ADDRESS_BYTES: usize = 254;

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// Mail to some addresses.
    Email,
    /// An incoming webhook of Slack.
    Slack,
    /// An address of one's own, signed as Standard Webhooks says.
    Webhook,
}

impl ChannelKind {
    /// Its name on the wire and in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Slack => "slack",
            Self::Webhook => "webhook",
        }
    }
}

impl FromStr for ChannelKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Email, Self::Slack, Self::Webhook].into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

/// Refuses a list of mail addresses that is empty, too long, or holds what is no plain address. The mail server has the
/// last word; this keeps out names, lists and line breaks.
pub fn check_recipients(field: &str, addresses: &[String]) -> Result<(), Invalid> {
    if !(1..=MAX_RECIPIENTS).contains(&addresses.len()) {
        return Err(Invalid::new(field, format!("{field} must hold 1 to {MAX_RECIPIENTS} mail addresses")));
    }
    for (index, address) in addresses.iter().enumerate() {
        if !is_plain_address(address) {
            let field = format!("{field}.{index}");
            let sentence = format!("{field} must be a mail address such as ops@example.com");
            return Err(Invalid::new(field, sentence));
        }
        if addresses[..index].contains(address) {
            let field = format!("{field}.{index}");
            return Err(Invalid::new(field.clone(), format!("{field} is there twice")));
        }
    }
    Ok(())
}

/// Scheme and host of an address; a port belongs to it, path and query do not.
pub fn host_of(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else { return "" };
    let begin = url.len() - rest.len();
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    if rest[..end].contains('@') { "" } else { &url[..begin + end] }
}

fn is_plain_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let in_local = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let in_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    address.len() <= MAX_ADDRESS_BYTES
        && (1..=64).contains(&local.len())
        && local.bytes().all(in_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.split('.').all(in_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(addresses: &[&str]) -> Result<(), Invalid> {
        let addresses: Vec<String> = addresses.iter().map(|&address| address.to_owned()).collect();
        check_recipients("to", &addresses)
    }

    #[test]
    fn plain_addresses_pass() {
        assert_eq!(of(&["ops@example.com", "a.b+c@mail.example", "root@localhost"]), Ok(()));
    }

    #[test]
    fn of_an_address_the_host_is_shown() {
        for (url, shown) in [
            ("https://hooks.example.com/T/B/secret?token=x#y", "https://hooks.example.com"),
            ("http://hooks.example.com:8443", "http://hooks.example.com:8443"),
            ("https://hooks.example.com?token=x", "https://hooks.example.com"),
            ("https://hooks.example.com#token", "https://hooks.example.com"),
            ("https://hooks.example.com\\token", "https://hooks.example.com"),
            ("https://[::1]:1/x", "https://[::1]:1"),
            ("https://user:token@host/", ""),
            ("token", ""),
        ] {
            assert_eq!(host_of(url), shown);
        }
    }

    #[test]
    fn anything_else_is_named() {
        for bad in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c.de",
            "a@b@c.de",
            "a@-b.de",
            "a@b..de",
            ".a@b.de",
            "a@b.de\r\nBcc: x@y.de",
            "A <a@b.de>",
            "a@b.de,c@d.de",
            "\u{e4}@b.de",
        ] {
            let refused = of(&["ok@example.com", bad]).unwrap_err();
            assert_eq!(refused.field, "to.1", "{bad:?}");
        }
        assert_eq!(of(&[]).unwrap_err().field, "to");
        assert_eq!(of(&["a@b.de"; 21]).unwrap_err().field, "to");
        assert_eq!(of(&["a@b.de", "a@b.de"]).unwrap_err().field, "to.1");
    }
}
