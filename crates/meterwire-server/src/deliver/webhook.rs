//! Webhooks, signed as Standard Webhooks 1.0 says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

use super::{asked_pause_ms, unanswered};
use crate::outgoing::Outgoing;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use meterwire_app::ports::{Notice, SendAgain, SendError, Taken};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use ring::hmac;
use std::time::Duration;

/// What a secret begins with.
const SECRET_PREFIX: &str = "whsec_";

/// Posts a signed message. Anything but 2xx means that it has not arrived; 410 that nothing more is wanted.
pub(super) async fn send(
    outgoing: &Outgoing,
    (url, secret): (&str, &str),
    notice: &Notice,
    body: String,
    timeout: Duration,
) -> Result<Taken, SendError> {
    let seconds = notice.at_ms.div_euclid(1000);
    let Some(signature) = sign(secret, &notice.id, seconds, &body) else {
        let sentence = "the secret of this channel cannot be read; make a new one".to_owned();
        return Err(SendError { sentence, then: SendAgain::Never });
    };
    let make = |client: &reqwest::Client, url| {
        client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &notice.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", &signature)
            .body(body.clone())
    };
    let answer = outgoing.send(url, timeout, make).await.map_err(|error| unanswered(&error))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(Taken::default());
    }
    let then = match status {
        StatusCode::GONE => SendAgain::Gone,
        _ => SendAgain::Later(asked_pause_ms(answer.headers())),
    };
    Err(SendError { sentence: format!("it answered {}", status.as_u16()), then })
}

/// The signature of a message; `None` where the secret is none.
fn sign(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let mac = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        // The example of the standard's own libraries.
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(sign("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a", 1, ""), None);
        assert_eq!(sign("whsec_*", "a", 1, ""), None);
    }
}
