//! The job that mails reports, and the press that prints them.

use crate::export::{closed, pdf};
use crate::lifecycle::wait_to_lead;
use meterwire_app::{Meterwire, Press, Statement};
use meterwire_core::closing::FrozenStatement;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// So often the job looks for what is due. A mail server that is slow holds up reports and nothing else.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Prints reports with what also makes exports.
#[derive(Debug, Clone, Copy)]
pub struct Printer;

impl Press for Printer {
    fn pdf(&self, statement: &Statement) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        pdf::statement(statement)
    }

    fn csv(&self, rows: &FrozenStatement) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        closed::statement_csv(rows)
    }
}

/// Runs until told to stop. A mail that is on its way then may end within `grace`; one that does not is sent again after the
/// next start.
pub(crate) async fn run(app: Arc<Meterwire>, mut stopped: watch::Receiver<bool>, grace: Duration) {
    let mut stop = stopped.clone();
    let rounds = async {
        loop {
            if !wait_to_lead(&app, &mut stop).await {
                return;
            }
            let pause = match app.run_report_jobs(&Printer).await {
                Ok(true) => LOOK_EVERY / 20,
                Ok(false) => LOOK_EVERY,
                Err(error) => {
                    tracing::error!(
                        cause = crate::http::chain(&error),
                        "reports cannot be sent; it is tried again"
                    );
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    };
    let deadline = async {
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        () = rounds => {}
        () = deadline => tracing::warn!("a report was cut off; it is sent again after the next start"),
    }
}
