//! API tokens: `mw_` + eight public characters + the secret. Only a hash is ever stored.

use crate::clock::new_secret;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

const PREFIX_BYTES: usize = 11;
/// Shorter tokens of one's own choice could be guessed.
pub(crate) const MIN_TOKEN_BYTES: usize = 24;
const MAX_TOKEN_BYTES: usize = 256;

/// A whole token. It prints as its public beginning only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token of 160 random bits and more.
    pub fn generate() -> Self {
        let public: String = new_secret().chars().take(8).collect();
        let secret = new_secret();
        Self(format!("mw_{public}{secret}"))
    }

    /// A token chosen by the operator; `None` where it is too short, too long or not plain.
    pub fn chosen(text: &str) -> Option<Self> {
        Self::presented(text)
    }

    /// A token as a caller presents it.
    pub fn presented(text: &str) -> Option<Self> {
        let plausible = (MIN_TOKEN_BYTES..=MAX_TOKEN_BYTES).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic());
        plausible.then(|| Self(text.to_owned()))
    }

    /// The public beginning, by which the key is found. For a token of one's own choice it is taken from the hash,
    /// so that nothing of the secret is shown.
    pub fn prefix(&self) -> String {
        if self.0.starts_with("mw_") {
            return self.0[..PREFIX_BYTES].to_owned();
        }
        let [a, b, c, d, ..] = self.hash();
        format!("id_{a:02x}{b:02x}{c:02x}{d:02x}")
    }

    /// SHA-256 of the whole token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Compares with a stored hash in constant time.
    pub fn matches(&self, stored: &[u8; 32]) -> bool {
        self.hash().ct_eq(stored).into()
    }

    /// The token itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}..)", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_its_prefix_and_never_printed() {
        let token = Token::generate();
        assert!(token.reveal().starts_with(&token.prefix()));
        assert_eq!(token.prefix().len(), PREFIX_BYTES);
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert!(token.matches(&Token::presented(token.reveal()).unwrap().hash()));
        assert!(!token.matches(&Token::generate().hash()));
    }

    #[test]
    fn a_chosen_token_shows_nothing_of_itself() {
        let token = Token::chosen("correct-horse-battery-staple").unwrap();
        assert!(token.prefix().starts_with("id_"));
        assert!(Token::chosen("short").is_none());
        assert!(Token::chosen("has a space in it, which no header carries").is_none());
    }
}
