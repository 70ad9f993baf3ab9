//! Slack's incoming webhooks. Their address is the secret.

use super::{asked_pause_ms, unanswered};
use crate::outgoing::Outgoing;
use meterwire_app::ports::{SendAgain, SendError, Taken};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use std::time::Duration;

/// Slack says in a word what is wrong (`channel_is_archived`); anything longer is not Slack's.
const MAX_WORD_BYTES: u64 = 64;

/// Posts a message.
pub(super) async fn send(
    outgoing: &Outgoing,
    url: &str,
    body: String,
    timeout: Duration,
) -> Result<Taken, SendError> {
    let make = |client: &reqwest::Client, url| {
        client.post(url).header(CONTENT_TYPE, "application/json").body(body.clone())
    };
    let answer = outgoing.send(url, timeout, make).await.map_err(|error| unanswered(&error))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(Taken::default());
    }
    let then = match status {
        // The app or the channel is gone: Slack will not take it back.
        StatusCode::GONE => SendAgain::Gone,
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => SendAgain::Never,
        _ => SendAgain::Later(asked_pause_ms(answer.headers())),
    };
    let word = word_of(answer).await.map(|word| format!(" ({word})")).unwrap_or_default();
    Err(SendError { sentence: format!("Slack answered {}{word}", status.as_u16()), then })
}

/// The word that an answer consists of.
async fn word_of(answer: reqwest::Response) -> Option<String> {
    if answer.content_length()? > MAX_WORD_BYTES {
        return None;
    }
    let text = answer.text().await.ok()?;
    let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_word && !text.is_empty()).then_some(text)
}
