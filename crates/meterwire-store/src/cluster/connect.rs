//! How a connection to PostgreSQL is made: TLS, bounds of time, the settings of its session.

use crate::error::{failed, unavailable};
use crate::sql::postgres::with_causes;
use meterwire_app::ports::{StoreError, StoreResult};
use rustls::ClientConfig;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A server that is not there by then is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// One that takes the connection and then says nothing is away too.
const READY_WITHIN: Duration = Duration::from_secs(3);
/// What was sent and is not acknowledged by then: the connection is lost.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(2);
/// Asks a silent server, after so long, whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(2);

/// What bounds every session, as PostgreSQL's command line options. A program that hangs or vanishes inside of a
/// transaction holds its tenant's lock: the server ends such a session by itself.
const SESSION: &str = "-c statement_timeout=10s -c lock_timeout=1500ms -c idle_in_transaction_session_timeout=15s \
     -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c timezone=UTC \
     -c standard_conforming_strings=on -c client_min_messages=warning";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Transactions that write.
    Writer,
    /// Questions; its transactions cannot write.
    Reader,
    /// Holds the lock of the one that leads. The server cuts it off when it is not used for ten seconds, so a leader
    /// that was stopped has lost the lock when it goes on.
    Leader,
    /// Migrations: statements may take as long as they need.
    Migrator,
}

impl Role {
    fn session(self) -> &'static str {
        match self {
            Self::Writer | Self::Reader => "",
            Self::Leader => " -c idle_session_timeout=10s",
            Self::Migrator => " -c statement_timeout=0 -c lock_timeout=30s",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Writer => "meterwire writer",
            Self::Reader => "meterwire reader",
            Self::Leader => "meterwire leader",
            Self::Migrator => "meterwire migration",
        }
    }
}

/// A PostgreSQL database and how to reach it.
#[derive(Clone)]
pub(crate) struct Postgres {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Postgres {
    /// Reads a connection string: `postgres://user:password@host:port/database`, or `host=.. dbname=..`.
    ///
    /// A server on this machine is spoken to in the clear; any other must show a certificate that this machine trusts
    /// (its store of roots, or the file that `SSL_CERT_FILE` names), unless the string says `sslmode=disable`.
    pub(crate) fn new(url: &str) -> StoreResult<Self> {
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            StoreError::Conflict(format!("the address of PostgreSQL cannot be read: {}", with_causes(&error)))
        })?;
        if config.get_dbname().is_none() {
            return Err(StoreError::Conflict("the address of PostgreSQL names no database".to_owned()));
        }
        let verify = config.get_ssl_mode() != SslMode::Disable
            && (config.get_ssl_mode() == SslMode::Require || !config.get_hosts().iter().all(is_here));
        config.ssl_mode(if verify { SslMode::Require } else { SslMode::Disable });
        let tls = if verify { Some(tls()?) } else { None };
        config.connect_timeout(CONNECT_TIMEOUT);
        config.tcp_user_timeout(ACKNOWLEDGED_WITHIN);
        config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(2);
        Ok(Self { config, tls })
    }

    /// A new connection. What it receives is read by a task of the runtime this is called in, so that runtime must live
    /// as long as the connection.
    pub(crate) async fn connect(&self, role: Role) -> StoreResult<Client> {
        let connected = tokio::time::timeout(READY_WITHIN, self.try_connect(role)).await;
        let connected =
            connected.map_err(|_| unavailable("PostgreSQL takes connections and says nothing"))?;
        connected.map_err(|error| away(&error))
    }

    /// The same without a bound of time, and with PostgreSQL's own error.
    pub(super) async fn try_connect(&self, role: Role) -> Result<Client, tokio_postgres::Error> {
        let mut config = self.config.clone();
        let given = config.get_options().unwrap_or_default().to_owned();
        config.options(format!("{SESSION}{} {given}", role.session()));
        config.application_name(role.name());
        let client = if let Some(tls) = &self.tls {
            let (client, connection) = config.connect(tls.clone()).await?;
            tokio::spawn(tend(connection, role));
            client
        } else {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(tend(connection, role));
            client
        };
        if role == Role::Reader {
            // Not a setting of the start: with it, a search for a server that can be written would find none.
            client.batch_execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").await?;
        }
        Ok(client)
    }
}

/// Moves bytes until the connection ends. Its users learn of the end by their next statement.
async fn tend(connection: impl Future<Output = Result<(), tokio_postgres::Error>>, role: Role) {
    if let Err(error) = connection.await {
        tracing::debug!(role = role.name(), error = with_causes(&error), "a connection to PostgreSQL ended");
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// TLS by the machine's own roots, with ring.
fn tls() -> StoreResult<MakeRustlsConnect> {
    let no_tls = |error: rustls::Error| failed(format!("TLS cannot be set up: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone()).map_err(no_tls)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(no_tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Nothing was changed and trying again may help.
pub(crate) fn away(error: &tokio_postgres::Error) -> StoreError {
    unavailable(format!("PostgreSQL: {}", with_causes(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_is_encrypted() {
        let encrypted = |url: &str| Postgres::new(url).unwrap().tls.is_some();
        assert!(!encrypted("postgres://meterwire@127.0.0.1:5432/meterwire"));
        assert!(!encrypted("postgres://meterwire@localhost/meterwire"));
        assert!(!encrypted("host=/run/postgresql dbname=meterwire user=meterwire"));
        assert!(!encrypted("postgres://meterwire@db.example.com/meterwire?sslmode=disable"));
        assert!(encrypted("postgres://meterwire@db.example.com/meterwire"));
        assert!(encrypted("postgres://meterwire@localhost,db.example.com/meterwire"));
        assert!(encrypted("postgres://meterwire@localhost/meterwire?sslmode=require"));
    }

    #[test]
    fn an_address_without_a_database_is_refused() {
        for url in ["postgres://meterwire@localhost", "http://localhost", "nonsense"] {
            assert!(matches!(Postgres::new(url), Err(StoreError::Conflict(_))), "{url}");
        }
    }
}
