//! The courier: takes what is due to its channels until the server stops. It wakes when anything is recorded or the watch has
//! raised something, and by itself for what is tried again; each channel has one message on its way at a time.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use meterwire_app::ports::TenantId;
use meterwire_app::{Meterwire, Outbound};
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// The most messages that are on their way at a time.
const MOST_ON_THEIR_WAY: usize = 256;
/// So long after the last look the next one comes at the earliest, however much is recorded.
const BREATH: Duration = Duration::from_millis(50);
/// So long after the last look the next one comes at the latest: some alerts are raised without anything being recorded.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Runs until told to stop; then what is on its way may end within `grace`. What does not is sent again after the next start.
pub(crate) async fn run(app: &Meterwire, mut stopped: watch::Receiver<bool>, grace: Duration) {
    let mut recorded = app.usage_revisions();
    let mut on_their_way = FuturesUnordered::new();
    let mut busy: HashSet<(TenantId, String)> = HashSet::new();
    let mut after = TenantId(i64::MIN);
    let mut next_look = Instant::now();
    loop {
        if Instant::now() >= next_look {
            let looked = Instant::now();
            next_look = looked + LOOK_EVERY;
            let most = MOST_ON_THEIR_WAY - busy.len();
            // Of several servers one sends.
            let due = if app.leads() {
                app.due_deliveries(busy.iter().cloned().collect(), after, most).await
            } else {
                Ok(Vec::new())
            };
            match due {
                Ok(due) => {
                    for outbound in due {
                        let place = outbound.place();
                        after = place.0;
                        busy.insert(place.clone());
                        on_their_way.push(send(app, outbound, place));
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "messages that are due cannot be read; it is tried again");
                    next_look = looked + AFTER_FAILURE;
                }
            }
        }
        tokio::select! {
            Some(place) = on_their_way.next(), if !on_their_way.is_empty() => {
                busy.remove(&place);
                // There may be more to the same channel.
                next_look = Instant::now();
            }
            () = app.alert_raised() => next_look = Instant::now(),
            Ok(()) = recorded.changed() => next_look = next_look.min(Instant::now() + BREATH),
            () = tokio::time::sleep_until(next_look) => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    let rest = async { while on_their_way.next().await.is_some() {} };
    if tokio::time::timeout(grace, rest).await.is_err() {
        tracing::warn!("some messages were cut off; they are sent again after the next start");
    }
}

async fn send(app: &Meterwire, outbound: Outbound, place: (TenantId, String)) -> (TenantId, String) {
    if let Err(error) = app.deliver(outbound).await {
        tracing::error!(%error, "what became of a message cannot be noted; it is sent again");
        // It is due still: not at once again while the store cannot write.
        sleep(AFTER_FAILURE).await;
    }
    place
}
