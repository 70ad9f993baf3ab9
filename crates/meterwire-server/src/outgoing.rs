//! The one place that makes HTTP clients for requests that leave this process.

use crate::deliver::guard::{CheckedDns, Refused, SystemLookup, check_redirect, check_url};
use reqwest::header::LOCATION;
use reqwest::{RequestBuilder, Response, StatusCode};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// So many redirects are followed.
const MAX_REDIRECTS: usize = 3;

/// A client with a bound on every request, for addresses that the admin has set. Its TLS is ring's: see docs/adr/0003.
pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, String> {
    builder(timeout).build().map_err(|error| error.to_string())
}

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    // Only the first call installs it; later ones find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).timeout(timeout)
}

/// A client that resolves names by this. It follows no redirect by itself, and takes no proxy from the environment, which
/// would resolve names in its own way.
pub(crate) fn client_with(dns: CheckedDns, timeout: Duration) -> Result<reqwest::Client, String> {
    let builder = builder(timeout)
        .dns_resolver(Arc::new(dns))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0);
    builder.build().map_err(|error| error.to_string())
}

/// Requests to addresses that customers have entered: checked by the guard, each redirect too. Clones share one client.
#[derive(Clone)]
pub(crate) struct Outgoing {
    client: reqwest::Client,
    allow_inside: bool,
}

/// Why there is no answer. It names the host at most: the rest of an address may be a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// The guard refuses the address.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// More redirects than are followed.
    #[error("it redirects more than {MAX_REDIRECTS} times")]
    TooManyRedirects,
    /// Nobody answered in time.
    #[error("no answer within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// No connection, or it broke.
    #[error("{0}")]
    Broken(String),
}

impl Outgoing {
    /// One client for all of them; each request ends after `timeout`, its answer included.
    pub(crate) fn new(allow_inside: bool, timeout: Duration) -> Result<Self, String> {
        let dns = CheckedDns::new(Arc::new(SystemLookup), allow_inside);
        Ok(Self { client: client_with(dns, timeout)?, allow_inside })
    }

    /// Reads an address and refuses what nothing is sent to.
    pub(crate) fn check(&self, address: &str) -> Result<Url, Refused> {
        check_url(address, self.allow_inside)
    }

    /// The client, for addresses that went through [`Self::check`]. It follows no redirects.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Sends the request that `make` builds for an address; a redirect gets the same request, where it leads to somewhere
    /// that is allowed. `timeout` is the one that this was made with, for the sentence.
    pub(crate) async fn send(
        &self,
        address: &str,
        timeout: Duration,
        make: impl Fn(&reqwest::Client, Url) -> RequestBuilder,
    ) -> Result<Response, NoAnswer> {
        let mut url = self.check(address)?;
        for _ in 0..=MAX_REDIRECTS {
            let sent = make(&self.client, url.clone()).send().await;
            let response = sent.map_err(|error| no_answer(&error, timeout))?;
            let moved = matches!(
                response.status(),
                StatusCode::MOVED_PERMANENTLY
                    | StatusCode::FOUND
                    | StatusCode::TEMPORARY_REDIRECT
                    | StatusCode::PERMANENT_REDIRECT
            );
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match location {
                Some(location) if moved => url = check_redirect(&url, location, self.allow_inside)?,
                _ => return Ok(response),
            }
        }
        Err(NoAnswer::TooManyRedirects)
    }
}

/// Why a request has no answer, without its address.
pub(crate) fn no_answer(error: &reqwest::Error, timeout: Duration) -> NoAnswer {
    let mut innermost = None;
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(refused) = cause.downcast_ref::<Refused>() {
            return NoAnswer::Refused(refused.clone());
        }
        innermost = Some(cause);
        next = cause.source();
    }
    if error.is_timeout() {
        return NoAnswer::TimedOut(timeout);
    }
    // The outermost error names the address, which may be a secret; the innermost says what happened.
    let cause = innermost.map_or_else(|| "unknown cause".to_owned(), ToString::to_string);
    let what = if error.is_connect() { "no connection" } else { "the connection broke" };
    NoAnswer::Broken(format!("{what}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::guard::{LookedUp, Lookup};
    use std::net::{Ipv4Addr, SocketAddr};

    /// Every name is this machine.
    struct Here;

    impl Lookup for Here {
        fn look_up(&self, _: &str) -> LookedUp {
            Box::pin(async { Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))]) })
        }
    }

    /// A server that redirects everything to there; its port.
    async fn redirecting(to: String) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = to.replace("PORT", &port.to_string());
        let answer = move || async move { (axum::http::StatusCode::FOUND, [("location", to)]) };
        let app =
            axum::Router::new().route("/here", axum::routing::post(|| async { "arrived" })).fallback(answer);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        port
    }

    /// What comes of a request to a public name that redirects to there. Only the redirect is under test: the name's own
    /// address is let through.
    async fn sent_to(to: &str) -> Result<String, NoAnswer> {
        let port = redirecting(to.to_owned()).await;
        let timeout = Duration::from_secs(5);
        let client = client_with(CheckedDns::new(Arc::new(Here), true), timeout).unwrap();
        let outgoing = Outgoing { client, allow_inside: false };
        let url = format!("http://public.example:{port}/");
        let answer = outgoing.send(&url, timeout, |client, url| client.post(url).body("x")).await?;
        Ok(format!("{} {}", answer.status().as_u16(), answer.text().await.unwrap()))
    }

    #[tokio::test]
    async fn a_redirect_is_followed_only_to_where_it_may_lead() {
        assert_eq!(sent_to("/here").await.unwrap(), "200 arrived", "with its method and body");
        assert_eq!(sent_to("http://other.example:PORT/here").await.unwrap(), "200 arrived");
        for inside in ["http://127.0.0.1:PORT/here", "http://[::1]:PORT/here", "http://2130706433:PORT/here"]
        {
            let refused = sent_to(inside).await.unwrap_err();
            assert!(matches!(refused, NoAnswer::Refused(Refused::Inside(_))), "{inside}: {refused:?}");
        }
        assert!(matches!(sent_to("ftp://other.example/").await, Err(NoAnswer::Refused(Refused::Scheme))));
        assert!(matches!(sent_to("/round").await, Err(NoAnswer::TooManyRedirects)));
    }
}
