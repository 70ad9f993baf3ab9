//! The workers that ask providers, each for one report at a time.

use crate::http::chain;
use crate::lifecycle::wait_to_lead;
use meterwire_app::Meterwire;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// So many tenants' providers are asked at a time.
pub(crate) const WORKERS: usize = 6;
/// So often a worker looks whether something is due, if nobody wakes it.
const EVERY: Duration = Duration::from_secs(2);

/// Asks until the server stops. What is under way then is dropped: nothing of it was kept, and it is asked again.
pub(crate) async fn run(app: Arc<Meterwire>, mut stopped: watch::Receiver<bool>) {
    let mut stop = stopped.clone();
    let work = async {
        while wait_to_lead(&app, &mut stop).await {
            let done = app.run_report_step().await;
            if let Err(error) = &done {
                tracing::error!(cause = chain(error), "asking a provider failed; it is tried again");
            }
            if !matches!(done, Ok(true)) {
                // Either will do.
                let _ = tokio::time::timeout(EVERY, app.report_work()).await;
            }
        }
    };
    tokio::select! {
        () = work => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
