//! Mail by SMTP. The server is the admin's, so the guard does not ask about it.

use crate::config::MailConfig;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use meterwire_app::ports::{Mail, SendAgain, SendError, Taken};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use url::Url;

/// So long may the server take for one command.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);
/// So long may a whole mail take.
const MAIL_TIMEOUT: Duration = Duration::from_mins(1);
/// The largest mail, with its attachments before they are encoded: 18 MiB, which most servers take.
const MAX_MAIL_BYTES: usize = 18 << 20;

/// Sends mail through one server, each over a connection of its own.
pub(super) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Reads the settings; `None` where no server is set.
    pub(super) fn from_config(config: &MailConfig) -> Result<Option<Self>, String> {
        let Some(url) = &config.url else { return Ok(None) };
        let no_url = "configuration: mail.url must be smtps://HOST, smtp://HOST or smtp+plain://HOST";
        let url = Url::parse(url).map_err(|_| no_url.to_owned())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(no_url)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapper(tls(host, config.ca_file.as_deref())?), 465),
            "smtp" => (Tls::Required(tls(host, config.ca_file.as_deref())?), 587),
            "smtp+plain" => (Tls::None, 25),
            _ => return Err(no_url.to_owned()),
        };
        let from = config.from.as_deref().ok_or("configuration: mail.from is needed with mail.url")?;
        let from = from.parse().map_err(|_| {
            "configuration: mail.from must be an address such as Meterwire <meterwire@example.com>".to_owned()
        })?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(COMMAND_TIMEOUT));
        if let Some((user, password)) = credentials(&url, config)? {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Some(Self { transport: builder.build(), from }))
    }

    /// Sends one mail to all of its addresses. Where the server refuses it for good, each address is tried by itself, so that
    /// one wrong address does not keep it from the others.
    pub(super) async fn send(&self, mail: Mail) -> Result<Taken, SendError> {
        let to: Vec<Address> =
            mail.to.iter().map(|to| to.parse()).collect::<Result<_, _>>().map_err(never)?;
        let message = self.message(&mail, &to)?;
        let Err(refused) = self.send_to(to.clone(), &message).await else { return Ok(Taken::default()) };
        if to.len() == 1 || refused.then != SendAgain::Never {
            return Err(refused);
        }
        let (mut sentences, mut taken) = (Vec::new(), 0);
        for address in to {
            let shown = address.to_string();
            match self.send_to(vec![address], &message).await {
                Ok(()) => taken += 1,
                Err(error) => sentences.push(format!("{shown}: {error}")),
            }
        }
        if taken == 0 {
            return Err(refused);
        }
        Ok(Taken { refused: (!sentences.is_empty()).then(|| sentences.join("; ")) })
    }

    async fn send_to(&self, to: Vec<Address>, message: &[u8]) -> Result<(), SendError> {
        let envelope = lettre::address::Envelope::new(Some(self.from.email.clone()), to).map_err(never)?;
        match tokio::time::timeout(MAIL_TIMEOUT, self.transport.send_raw(&envelope, message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(send_error(&error)),
            Err(_) => Err(SendError {
                sentence: format!("the mail server took longer than {} seconds", MAIL_TIMEOUT.as_secs()),
                then: SendAgain::Later(None),
            }),
        }
    }

    /// The mail as it goes over the wire.
    fn message(&self, mail: &Mail, to: &[Address]) -> Result<Vec<u8>, SendError> {
        if mail.attachments.iter().map(|file| file.bytes.len()).sum::<usize>() > MAX_MAIL_BYTES {
            let sentence = "the files are too large to be mailed".to_owned();
            return Err(SendError { sentence, then: SendAgain::Never });
        }
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(mail.subject.as_str())
            .message_id(Some(self.message_id(mail)))
            .header(AutoSubmitted);
        for address in to {
            builder = builder.to(Mailbox::new(None, address.clone()));
        }
        let text = SinglePart::plain(mail.text.clone());
        let body = match &mail.html {
            Some(html) => {
                MultiPart::alternative().singlepart(text).singlepart(SinglePart::html(html.clone()))
            }
            None => MultiPart::mixed().singlepart(text),
        };
        let whole = if mail.attachments.is_empty() {
            body
        } else {
            let mut mixed = MultiPart::mixed().multipart(body);
            for file in &mail.attachments {
                let media_type = ContentType::parse(&file.media_type).map_err(never)?;
                mixed =
                    mixed.singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), media_type));
            }
            mixed
        };
        Ok(builder.multipart(whole).map_err(never)?.formatted())
    }

    /// The same mail has the same id, so that who gets it a second time can tell.
    fn message_id(&self, mail: &Mail) -> String {
        let mut hash = Sha256::new();
        for part in mail.to.iter().chain([&mail.subject, &mail.text]) {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        mail.attachments.iter().for_each(|file| hash.update(&file.bytes));
        let mut id = String::from("<");
        for byte in &hash.finalize()[..16] {
            let _ = write!(id, "{byte:02x}");
        }
        format!("{id}@{}>", self.from.email.domain())
    }
}

/// Keeps answering machines from answering (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::Default);
    if let Some(file) = ca_file {
        let unreadable = |error: &dyn std::fmt::Display| {
            format!("configuration: mail.ca_file {}: {error}", file.display())
        };
        let pem = std::fs::read(file).map_err(|error| unreadable(&error))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| unreadable(&error))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| format!("configuration: mail: {error}"))
}

/// User and password, from the address or beside it.
fn credentials(url: &Url, config: &MailConfig) -> Result<Option<(String, String)>, String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let user = config.user.clone().or_else(|| (!url.username().is_empty()).then(|| decoded(url.username())));
    let password = config.password.clone().or_else(|| url.password().map(decoded));
    match (user, password) {
        (Some(user), Some(password)) => Ok(Some((user, password))),
        (None, None) => Ok(None),
        _ => Err("configuration: mail needs both a user and a password, or neither".to_owned()),
    }
}

/// What can never be sent, whoever is asked.
fn never(error: impl std::fmt::Display) -> SendError {
    SendError { sentence: format!("the mail cannot be written: {error}"), then: SendAgain::Never }
}

fn send_error(error: &smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    // A refused login is the admin's to mend; the mail itself is fine.
    let is_login = matches!(code, Some(530 | 534 | 535 | 538));
    let then = if error.is_permanent() && !is_login { SendAgain::Never } else { SendAgain::Later(None) };
    let innermost = std::iter::successors(std::error::Error::source(error), |cause| cause.source()).last();
    let cause = innermost.map_or_else(|| error.to_string(), ToString::to_string);
    let sentence = match code {
        Some(code) => format!("the mail server answered {code}: {cause}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => format!("the mail server cannot be reached: {cause}"),
    };
    SendError { sentence, then }
}
