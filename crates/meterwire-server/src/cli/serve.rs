//! `meterwire serve`.

use crate::config::{Config, LogConfig, LogFormat};
use crate::lifecycle::{Instance, bind};
use clap::Args;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;

/// Serve the API and the page.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire serve --data-dir ./meterwire-data --listen 127.0.0.1:8000\n\n\
    METERWIRE_ADMIN_TOKEN (24 characters or more) sets the first admin token; without it one is made and printed once.")]
pub(super) struct ServeArgs {
    /// File with settings; see config.example.toml.
    #[arg(long, value_name = "FILE", env = "METERWIRE_CONFIG_FILE")]
    config: Option<PathBuf>,
    /// The one directory that holds everything, whatever the settings say of a cluster.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

pub(super) async fn run(args: ServeArgs) -> Result<(), String> {
    let mut config = Config::load(args.config.as_deref())?;
    if let Some(dir) = args.data_dir {
        config.storage = config.storage.with_directory(dir);
    }
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    start_log(&config.log)?;
    // Bound before the store is opened, so that a taken port is told at once and nothing is touched.
    let listener = bind(config.server.listen).await?;
    let instance = Instance::open(&config).await?;
    let made = instance.app.ensure_admin(config.admin.token.as_deref()).await;
    let made = made.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("Meterwire {} serves {}", env!("CARGO_PKG_VERSION"), config.storage.place());
    println!("  page  http://{address}/");
    println!("  API   http://{address}/docs");
    if let Some(token) = made {
        println!("  first admin token, shown this once:  {}", token.reveal());
        println!("  sign in with it:  {}", login_link(&address, token.reveal()));
    }
    instance.serve(&config, listener).await
}

/// The link that signs in; the token stands behind `#`, which browsers never send.
pub(super) fn login_link(address: &SocketAddr, token: &str) -> String {
    format!("http://{address}/login#token={token}")
}

pub(super) fn start_log(config: &LogConfig) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(&config.filter).map_err(|error| format!("configuration: log.filter: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().try_init(),
    }
    .map_err(|error| format!("starting the log: {error}"))
}
