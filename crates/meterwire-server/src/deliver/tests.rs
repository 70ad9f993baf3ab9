//! What other sides answer, over real sockets, and what becomes of it.

use super::*;
use axum::extract::{Request, State};
use axum::http::{HeaderMap as Headers, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use meterwire_core::alert::{AlertKind, Severity};
use ring::hmac;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// An answer: status, what it asks to wait, and its body.
type Says = (u16, Option<&'static str>, &'static str);
type Came = Arc<Mutex<Vec<(Headers, Vec<u8>)>>>;

/// Somebody's server that always says the same; its address, and what came.
async fn saying(says: Says) -> (String, Came) {
    async fn answer(
        State((says, came)): State<(Says, Came)>,
        request: Request,
    ) -> (StatusCode, Headers, &'static str) {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        came.lock().unwrap().push((parts.headers, bytes.to_vec()));
        let (status, wait, text) = says;
        let headers = wait.map(|wait| (RETRY_AFTER, wait.parse().unwrap())).into_iter().collect();
        (StatusCode::from_u16(status).unwrap(), headers, text)
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let came = Came::default();
    let router = axum::Router::new().fallback(answer).with_state((says, came.clone()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, came)
}

fn sender(allow_inside: bool) -> Sender {
    let outgoing = OutgoingConfig { allow_inside };
    Sender::new(&MailConfig::default(), &outgoing, None).unwrap()
}

fn notice() -> Notice {
    Notice {
        id: "a-1".to_owned(),
        is_test: false,
        tenant: "acme".to_owned(),
        kind: AlertKind::BudgetThreshold,
        severity: Severity::Warning,
        title: "A budget".to_owned(),
        detail: json!({ "spent_usd": "80" }),
        raised_ms: 1_795_000_000_000,
        at_ms: 1_795_000_007_999,
    }
}

#[tokio::test]
async fn a_webhook_is_signed_over_what_it_brings() {
    let (url, came) = saying((204, None, "")).await;
    let to = Destination::Webhook { url, secret: SECRET.to_owned() };
    assert_eq!(sender(true).tell(&to, &notice()).await, Ok(Taken::default()));
    let (headers, body) = came.lock().unwrap().remove(0);
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    // Seconds, as the standard says.
    assert_eq!((text("webhook-id"), text("webhook-timestamp")), ("a-1".into(), "1795000007".into()));
    let key = STANDARD.decode(&SECRET[6..]).unwrap();
    let signed = [b"a-1.1795000007.", body.as_slice()].concat();
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed);
    assert_eq!(text("webhook-signature"), format!("v1,{}", STANDARD.encode(signature)));
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["data"]["id"], "a-1");
}

#[tokio::test]
async fn what_a_webhook_answers_decides_about_another_try() {
    let later = |ms| SendAgain::Later(Some(ms));
    for (says, then) in [
        ((410, None, ""), SendAgain::Gone),
        ((400, None, ""), SendAgain::Later(None)),
        ((500, None, ""), SendAgain::Later(None)),
        ((429, Some("120"), ""), later(120_000)),
        ((503, Some("900000"), ""), later(86_400_000)),
        ((503, Some("soon"), ""), SendAgain::Later(None)),
    ] {
        let (url, _) = saying(says).await;
        let to = Destination::Webhook { url, secret: SECRET.to_owned() };
        let error = sender(true).tell(&to, &notice()).await.unwrap_err();
        assert_eq!((error.then, error.sentence), (then, format!("it answered {}", says.0)), "{says:?}");
    }
    let (url, came) = saying((200, None, "")).await;
    let to = Destination::Webhook { url, secret: SECRET.to_owned() };
    let refused = sender(false).tell(&to, &notice()).await.unwrap_err();
    assert_eq!((refused.then, came.lock().unwrap().len()), (SendAgain::Never, 0), "an inside address");
}

#[tokio::test]
async fn what_slack_answers_is_told_by_its_word_alone() {
    for (says, then, sentence) in [
        ((404, None, "channel_not_found"), SendAgain::Never, "Slack answered 404 (channel_not_found)"),
        ((403, None, "action_prohibited"), SendAgain::Never, "Slack answered 403 (action_prohibited)"),
        ((400, None, "<b>xoxb-1</b>"), SendAgain::Never, "Slack answered 400"),
        ((410, None, "channel_is_archived"), SendAgain::Gone, "Slack answered 410 (channel_is_archived)"),
        ((429, Some("30"), ""), SendAgain::Later(Some(30_000)), "Slack answered 429"),
        ((500, None, ""), SendAgain::Later(None), "Slack answered 500"),
    ] {
        let (url, _) = saying(says).await;
        let error = sender(true).tell(&Destination::Slack { url }, &notice()).await.unwrap_err();
        assert_eq!((error.then, error.sentence.as_str()), (then, sentence));
    }
    let (url, came) = saying((200, None, "ok")).await;
    assert_eq!(sender(true).tell(&Destination::Slack { url }, &notice()).await, Ok(Taken::default()));
    let body: Value = serde_json::from_slice(&came.lock().unwrap()[0].1).unwrap();
    assert_eq!(body["text"], "A budget");
}

/// A mail server that refuses what begins like one of these lines, with the answer beside it.
async fn mail_server(refuses: &'static [(&'static str, &'static str)]) -> (u16, Arc<Mutex<Vec<String>>>) {
    async fn talk(stream: TcpStream, refuses: &[(&str, &str)], mails: Arc<Mutex<Vec<String>>>) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let refused = refuses.iter().find(|(begin, _)| line.starts_with(begin));
            let answer = match line.get(..4).unwrap_or_default() {
                _ if refused.is_some() => refused?.1,
                "EHLO" => "250-test\r\n250 AUTH PLAIN",
                "QUIT" => "221 bye",
                "AUTH" => "235 welcome",
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    mails.lock().unwrap().push(mail);
                    "250 taken"
                }
                _ => "250 fine",
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mails = Arc::new(Mutex::new(Vec::new()));
    let came = mails.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, refuses, came.clone()));
        }
    });
    (port, mails)
}

async fn mail(port: u16, to: &[&str], subject: &str) -> Result<Taken, SendError> {
    let config = MailConfig {
        url: Some(format!("smtp+plain://user:password@127.0.0.1:{port}")),
        from: Some("meterwire@example.com".to_owned()),
        ..MailConfig::default()
    };
    let sender = Sender::new(&config, &OutgoingConfig::default(), None).unwrap();
    let to = to.iter().map(|&to| to.to_owned()).collect();
    let (subject, text) = (subject.to_owned(), "text".to_owned());
    sender.mail(Mail { to, subject, text, html: None, attachments: vec![] }).await
}

#[tokio::test]
async fn one_wrong_address_keeps_a_mail_from_nobody_else() {
    let (port, mails) = mail_server(&[("RCPT TO:<bad@", "550 no such user")]).await;
    let taken = mail(port, &["good@example.com", "bad@example.com"], "s").await.unwrap();
    let refused = taken.refused.unwrap();
    assert!(refused.starts_with("bad@example.com: ") && !refused.contains("good@"), "{refused}");
    assert_eq!(mails.lock().unwrap().len(), 1);
    let error = mail(port, &["bad@example.com", "bad@example.org"], "s").await.unwrap_err();
    assert_eq!(error.then, SendAgain::Never, "{error:?}");
    assert_eq!(mails.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_mail_server_may_take_another_time_is_tried_again() {
    for (refuses, code) in [
        (&[("AUTH", "535 no")] as &[_], "535"),
        (&[("RCPT TO:<b@", "451 not now")], "451"),
        (&[("MAIL", "421 too busy")], "421"),
    ] {
        let (port, mails) = mail_server(refuses).await;
        let error = mail(port, &["a@example.com", "b@example.com"], "s").await.unwrap_err();
        assert_eq!(error.then, SendAgain::Later(None), "{error:?}");
        assert!(error.sentence.contains(code), "{error:?}");
        assert_eq!(mails.lock().unwrap().len(), 0, "not to some of them");
    }
}

#[tokio::test]
async fn the_same_mail_has_the_same_id() {
    let (port, mails) = mail_server(&[]).await;
    for subject in ["one", "one", "two"] {
        mail(port, &["a@example.com"], subject).await.unwrap();
    }
    let mails = mails.lock().unwrap();
    let ids: Vec<_> =
        mails.iter().map(|mail| mail.lines().find(|line| line.starts_with("Message-ID:")).unwrap()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}
