//! What a command talks to. Every command is a request of the HTTP contract: sent to a running server, or answered by
//! the same router inside this process over a data directory or a cluster.

use super::TargetArgs;
use crate::config::Config;
use crate::lifecycle::Instance;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, Request, header};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use meterwire_app::Caller;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;
use tower::ServiceExt;

/// The longest answer that a command reads.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);
/// The longest that a file may take to come; what stands still is given up much earlier.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_hours(24);

/// An instance to talk to.
pub(crate) enum Target {
    /// A running server.
    Server { client: reqwest::Client, url: String, token: String },
    /// A data directory or a cluster, opened by this process.
    Store(Box<Instance>),
}

/// What to do with a data directory that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Make it.
    Create,
    /// Refuse, so that a mistyped name is told.
    Refuse,
}

/// A status and its JSON body (null where there was none).
pub(crate) struct Answer {
    pub status: u16,
    pub body: Value,
}

/// An answer of any size.
pub(crate) struct Download {
    /// What its file is to be called.
    pub file_name: Option<String>,
    bytes: ByteStream,
}

type ByteStream = BoxStream<'static, Result<Bytes, String>>;

impl Target {
    /// Opens the store or prepares to talk to the server.
    pub(crate) async fn open(args: &TargetArgs, missing: Missing) -> Result<Self, String> {
        if args.url.is_some() {
            return Self::open_with(args, missing, Config::default()).await;
        }
        // What is sealed by a command has to be opened by the server.
        let Config { storage, secrets, providers, outgoing, .. } = Config::load(args.config.as_deref())?;
        let config = Config { storage, secrets, providers, outgoing, ..Config::default() };
        Self::open_with(args, missing, config).await
    }

    /// The same, where a store is opened with all settings, those of the mail server too.
    pub(crate) async fn open_mailing(args: &TargetArgs, missing: Missing) -> Result<Self, String> {
        Self::open_with(args, missing, Config::load(args.config.as_deref())?).await
    }

    async fn open_with(args: &TargetArgs, missing: Missing, mut config: Config) -> Result<Self, String> {
        if let Some(url) = &args.url {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(format!("--url {url:?} must begin with http:// or https://"));
            }
            let token = args.token.clone().ok_or("--url needs --token or METERWIRE_TOKEN")?;
            let client = crate::outgoing::client(ANSWER_TIMEOUT)?;
            return Ok(Self::Server { client, url: url.trim_end_matches('/').to_owned(), token });
        }
        if let Some(dir) = &args.data_dir {
            config.storage = config.storage.with_directory(dir.clone());
        }
        if missing == Missing::Refuse && !config.storage.is_cluster() {
            check_holds_data(&config.storage.dir)?;
        }
        Ok(Self::Store(Box::new(Instance::open(&config).await?)))
    }

    /// Whether it is a running server.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self, Self::Server { .. })
    }

    /// Sends a request; any answer is an answer, only no answer is an error.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: Vec<u8>,
    ) -> Result<Answer, String> {
        let (status, bytes) = self.send_raw(method, path, media_type, body).await?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }

    async fn send_raw(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), String> {
        match self {
            Self::Server { client, url, token } => {
                let request = client.request(method, format!("{url}{path}")).bearer_auth(token);
                let request = request.header(header::CONTENT_TYPE, media_type).body(body);
                let response =
                    request.send().await.map_err(|error| format!("no answer from {url}: {error}"))?;
                let status = response.status().as_u16();
                let bytes =
                    response.bytes().await.map_err(|error| format!("no whole answer from {url}: {error}"))?;
                Ok((status, bytes.to_vec()))
            }
            Self::Store(instance) => {
                let request =
                    Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, media_type);
                let request = request.extension(Caller::command_line()).body(Body::from(body));
                let request = request.map_err(|error| error.to_string())?;
                let response = instance.router.clone().oneshot(request).await;
                let response = response.unwrap_or_else(|never| match never {});
                let status = response.status().as_u16();
                let limited = http_body_util::Limited::new(response.into_body(), MAX_ANSWER_BYTES);
                let bytes = limited.collect().await.map_err(|error| error.to_string())?.to_bytes();
                Ok((status, bytes.to_vec()))
            }
        }
    }

    /// Sends JSON and expects success; a refusal becomes its sentence.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let bytes = body.map(Value::to_string).unwrap_or_default().into_bytes();
        let answer = self.send(method, path, "application/json", bytes).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        Err(answer.sentence())
    }

    /// The same for an answer whose numbers are kept as they are written.
    pub(crate) async fn call_exact<T: Serialize, A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&T>,
    ) -> Result<A, String> {
        let bytes = body.map(serde_json::to_vec).transpose().map_err(|error| error.to_string())?;
        let sent = self.send_raw(method, path, "application/json", bytes.unwrap_or_default()).await;
        let (status, bytes) = sent?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&bytes)
                .map_err(|error| format!("not the expected answer: {error}"));
        }
        Err(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }.sentence())
    }

    /// Asks for something of any size, which is read as it comes. A refusal becomes its sentence.
    pub(crate) async fn download(&self, path: &str) -> Result<Download, String> {
        let (status, disposition, bytes): (u16, _, ByteStream) = match self {
            Self::Server { client, url, token } => {
                let request = client.get(format!("{url}{path}")).bearer_auth(token).timeout(DOWNLOAD_TIMEOUT);
                let response =
                    request.send().await.map_err(|error| format!("no answer from {url}: {error}"))?;
                let disposition = response.headers().get(header::CONTENT_DISPOSITION).cloned();
                (response.status().as_u16(), disposition, chunks(response).boxed())
            }
            Self::Store(instance) => {
                let request =
                    Request::builder().uri(path).extension(Caller::command_line()).body(Body::empty());
                let request = request.map_err(|error| error.to_string())?;
                let response = instance.router.clone().oneshot(request).await;
                let response = response.unwrap_or_else(|never| match never {});
                let disposition = response.headers().get(header::CONTENT_DISPOSITION).cloned();
                let status = response.status().as_u16();
                (
                    status,
                    disposition,
                    TryStreamExt::map_err(response.into_body().into_data_stream(), cut_off).boxed(),
                )
            }
        };
        let mut download = Download { file_name: disposition.as_ref().and_then(file_name_of), bytes };
        if (200..300).contains(&status) {
            return Ok(download);
        }
        let mut body = Vec::new();
        while let Some(bytes) = download.next().await? {
            body.extend_from_slice(&bytes);
            if body.len() > MAX_ANSWER_BYTES {
                break;
            }
        }
        Err(Answer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }.sentence())
    }

    /// Closes the store, if it is one.
    pub(crate) async fn close(self) -> Result<(), String> {
        match self {
            Self::Server { .. } => Ok(()),
            Self::Store(instance) => instance.close().await,
        }
    }
}

impl Download {
    /// The next bytes; `None` at the end. What breaks off, or stands still for long, is an error and never an end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, String> {
        let next = tokio::time::timeout(ANSWER_TIMEOUT, self.bytes.next()).await;
        next.map_err(|_| "the transfer stood still and was given up; what came is not whole".to_owned())?
            .transpose()
    }
}

fn chunks(response: reqwest::Response) -> impl Stream<Item = Result<Bytes, String>> {
    stream::try_unfold(response, async |mut response| {
        let chunk = response.chunk().await.map_err(cut_off)?;
        Ok(chunk.map(|bytes| (bytes, response)))
    })
}

fn cut_off(error: impl std::fmt::Display) -> String {
    format!("the transfer broke off, so that what came is not whole: {error}")
}

/// The name in a `Content-Disposition`, where it is plain enough to be a file's.
fn file_name_of(disposition: &HeaderValue) -> Option<String> {
    let (_, rest) = disposition.to_str().ok()?.split_once("filename=\"")?;
    let (name, _) = rest.split_once('"')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!name.is_empty() && !name.starts_with('.') && name.chars().all(plain)).then(|| name.to_owned())
}

impl Answer {
    /// The caller's sentence of an error.
    pub(crate) fn sentence(&self) -> String {
        let detail = &self.body["detail"];
        match (detail["message"].as_str(), detail["field"].as_str()) {
            (Some(message), Some(field)) if !message.contains(field) => format!("{field}: {message}"),
            (Some(message), _) => message.to_owned(),
            _ => format!("the server answered {}", self.status),
        }
    }
}

/// Refuses a directory that holds no data.
pub(crate) fn check_holds_data(dir: &Path) -> Result<(), String> {
    if dir.join("meterwire.db").is_file() {
        return Ok(());
    }
    Err(format!(
        "{} holds no Meterwire data; name the directory with --data-dir or a server with --url",
        dir.display()
    ))
}

/// A text as one segment of a path or one value of a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
