//! The one place that makes HTTP clients for requests that leave this process.

use std::time::Duration;

/// A client with a bound on every request. Its TLS is ring's: see docs/adr/0003.
pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, String> {
    // Only the first call installs it; later ones find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(timeout).build().map_err(|error| error.to_string())
}
