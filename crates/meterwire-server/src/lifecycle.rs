//! Wiring and lifecycle: opens the store, serves, and stops softly: what was accepted is answered, then the store is
//! closed. The only place that spawns.

use crate::config::Config;
use crate::deliver::{Sender, courier};
use crate::http::{AppState, HttpSettings, JwtVerifier, Live, chain, router};
use crate::opened::OpenStore;
use crate::providers::{ReportClient, job};
use crate::secrets::Sealer;
use axum::Router;
use meterwire_app::ports::Outside;
use meterwire_app::{AlertWatch, Meterwire};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpListener;

/// So often the jobs look whether there is something to do.
const JOB_EVERY: Duration = Duration::from_secs(1);

/// So often a server that does not lead looks whether it does.
const LEAD_EVERY: Duration = Duration::from_millis(500);

/// So often tenants are looked through for something to tell; those without a change cost a look into memory.
const WATCH_EVERY: Duration = Duration::from_millis(250);
/// So long may messages that are on their way take when the server is told to stop.
const COURIER_GRACE: Duration = Duration::from_secs(10);

/// An opened instance: the use cases over one store.
pub struct Instance {
    /// The use cases.
    pub app: Arc<Meterwire>,
    /// The store under them.
    pub store: OpenStore,
    /// The HTTP application.
    pub router: Router,
    /// Its live streams.
    live: Arc<Live>,
}

impl Instance {
    /// Opens the store that the settings name and puts everything together. Errors are sentences.
    pub async fn open(config: &Config) -> Result<Self, String> {
        let store = OpenStore::open(&config.storage).await?;
        let outside = outside(config)?;
        let app = store.app().with_outside(outside);
        let app = app.with_alert_levels(config.budget.levels()?);
        let app = Arc::new(app.with_provider_settings(config.providers.to_settings()));
        let jwt = JwtVerifier::from_config(config.auth.clone())?;
        let settings = HttpSettings {
            rate_cents: config.usage.rate_cents,
            secure_cookies: config
                .server
                .public_url
                .as_deref()
                .is_some_and(|url| url.starts_with("https://")),
            max_streams: config.server.max_streams,
            cors_origins: config.server.cors_origins.clone(),
        };
        let state = AppState::new(app.clone(), settings, jwt, metrics_recorder()?);
        let live = state.live();
        Ok(Self { app, store, router: router(state), live })
    }

    /// Finishes what was accepted and closes the store.
    pub async fn close(self) -> Result<(), String> {
        self.store.close().await
    }

    /// Serves until told to stop. `ready` learns the address, with the port that was chosen.
    pub async fn serve(self, config: &Config, listener: TcpListener) -> Result<(), String> {
        let grace = Duration::from_secs(config.server.shutdown_seconds);
        let followed = self.app.follow_monthly_budget(config.budget.amount()?).await;
        followed.map_err(|error| format!("setting the monthly budget: {}", chain(&error)))?;
        let (stopping, stopped) = tokio::sync::watch::channel(false);
        let (mut signalled, streams) = (stopped.clone(), self.live.clone());
        let server = axum::serve(listener, self.router.clone()).with_graceful_shutdown(async move {
            stop_signal().await;
            tracing::info!("stopping: answering what was accepted");
            // Streams would never end by themselves.
            streams.close();
            let _ = stopping.send(true);
        });
        let jobs = tokio::spawn(run_jobs(self.app.clone(), stopped.clone()));
        let (app, stop) = (self.app.clone(), stopped.clone());
        let courier = tokio::spawn(async move { courier::run(&app, stop, grace.min(COURIER_GRACE)).await });
        let watch = tokio::spawn(run_watch(self.app.clone(), stopped.clone()));
        let mailed = crate::reports::run(self.app.clone(), stopped.clone(), grace.min(COURIER_GRACE));
        let mailed = tokio::spawn(mailed);
        let (live, app) = (self.live.clone(), self.app.clone());
        let live = tokio::spawn(async move { live.run(&app).await });
        let measured = tokio::spawn(run_measure(self.store.clone(), stopped.clone()));
        let ask = || tokio::spawn(job::run(self.app.clone(), stopped.clone()));
        let reports: Vec<_> = (0..job::WORKERS).map(|_| ask()).collect();
        let deadline = async move {
            let _ = signalled.wait_for(|stop| *stop).await;
            tokio::time::sleep(grace).await;
        };
        let served =
            run_until(async { server.await.map_err(|error| format!("serving: {error}")) }, deadline).await;
        for job in [jobs, courier, mailed, watch, live, measured].into_iter().chain(reports) {
            if let Err(error) = job.await {
                tracing::error!(%error, "a job did not end well");
            }
        }
        self.close().await?;
        tracing::info!("stopped");
        served
    }
}

/// Binds the address, with a sentence where it is taken.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        format!(
            "cannot listen on {address}: {error}. Is another server running there? Choose one with --listen"
        )
    })
}

/// Waits until this is the one of a store's servers that does what only one may; `false` when it is told to stop.
pub(crate) async fn wait_to_lead(app: &Meterwire, stopped: &mut tokio::sync::watch::Receiver<bool>) -> bool {
    while !app.leads() {
        tokio::select! {
            () = tokio::time::sleep(LEAD_EVERY) => {}
            _ = stopped.wait_for(|stop| *stop) => return false,
        }
    }
    true
}

/// What has to happen by itself, once a second until the server stops.
async fn run_jobs(app: Arc<Meterwire>, mut stopped: tokio::sync::watch::Receiver<bool>) {
    loop {
        if !wait_to_lead(&app, &mut stopped).await {
            return;
        }
        if let Err(error) = app.run_limit_jobs().await {
            tracing::error!(cause = chain(&error), "the limits' job failed; it is tried again");
        }
        let rounds = [
            ("dimensions", app.run_dimension_jobs().await),
            ("retention", app.run_retention_jobs().await),
            ("erasure", app.run_erasure_jobs().await),
            ("rerating", app.run_rerating_jobs().await),
            ("alerts", app.run_alert_upkeep().await),
            ("upkeep", app.run_upkeep().await),
        ];
        let mut more = false;
        for (job, done) in rounds {
            match done {
                Ok(more_of_this) => more |= more_of_this,
                Err(error) => {
                    tracing::error!(job, cause = chain(&error), "a job failed; it is tried again");
                }
            }
        }
        // Between two rounds of long work others get their turn.
        let pause = if more { JOB_EVERY / 20 } else { JOB_EVERY };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Looks whether there is something to tell, beside the jobs, which may be long.
async fn run_watch(app: Arc<Meterwire>, mut stopped: tokio::sync::watch::Receiver<bool>) {
    let mut watch = AlertWatch::default();
    loop {
        if !wait_to_lead(&app, &mut stopped).await {
            return;
        }
        let pause = match app.watch_alerts(&mut watch).await {
            Ok(true) => WATCH_EVERY / 10,
            Ok(false) => WATCH_EVERY,
            Err(error) => {
                tracing::error!(cause = chain(&error), "the watch failed; it is tried again");
                JOB_EVERY * 5
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Keeps the store's gauges up to date.
async fn run_measure(store: OpenStore, mut stopped: tokio::sync::watch::Receiver<bool>) {
    loop {
        store.measure();
        tokio::select! {
            () = tokio::time::sleep(JOB_EVERY) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// The work, or an end by the hard deadline.
async fn run_until(
    work: impl Future<Output = Result<(), String>>,
    deadline: impl Future<Output = ()>,
) -> Result<(), String> {
    tokio::select! {
        done = work => done,
        () = deadline => {
            tracing::warn!("some requests did not finish in time and were cut off");
            Ok(())
        }
    }
}

/// What the use cases reach beyond the store.
pub fn outside(config: &Config) -> Result<Outside, String> {
    let secrets = Sealer::from_config(&config.secrets, &config.storage.dir)?;
    let sender = Sender::new(&config.mail, &config.outgoing, config.server.public_url.as_deref())?;
    let reports = ReportClient::new(config.outgoing.allow_inside)?;
    Ok(Outside { secrets: Arc::new(secrets), messenger: Arc::new(sender), reports: Arc::new(reports) })
}

/// The process has one recorder; whoever comes first installs it.
fn metrics_recorder() -> Result<PrometheusHandle, String> {
    static HANDLE: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let install = || {
        let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        let builder = PrometheusBuilder::new().set_buckets(&buckets).map_err(|error| error.to_string())?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
        Ok(handle)
    };
    HANDLE.get_or_init(install).clone()
}

/// Ctrl-C or SIGTERM.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.unwrap_or_default();
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
