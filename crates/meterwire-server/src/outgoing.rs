//! The one place that makes HTTP clients for requests that leave this process.

use std::time::Duration;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client with a bound on every request. Its TLS is ring's: see docs/adr/0003.
pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, String> {
    // Only the first call installs it; later ones find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).timeout(timeout);
    client.build().map_err(|error| error.to_string())
}
