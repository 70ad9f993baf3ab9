//! The sending side of a recorder, on the client's thread.

use super::queue::Queue;
use crate::backoff::Backoff;
use crate::client::Client;
use crate::error::Error;
use crate::reply::Ingested;
use std::sync::Arc;
use std::time::Duration;

/// Between two calls, each of which has tried several times by itself.
const BACKOFF: Backoff = Backoff { base: Duration::from_millis(200), cap: Duration::from_secs(10) };
/// A server that fails (500) at a batch this often will fail again; one that is away is waited for.
const MAX_FAILURES: u32 = 5;

/// Sends batches until the recorder has ended, or has given up.
pub(super) async fn run(queue: Arc<Queue>, client: Client) {
    tokio::select! {
        () = queue.abandoned() => {}
        () = send_all(&queue, &client) => {}
    }
}

async fn send_all(queue: &Queue, client: &Client) {
    while let Some(batch) = queue.next_batch().await {
        // What is too large is halved; the later half waits on the stack.
        let mut parts = vec![batch];
        while let Some(mut part) = parts.pop() {
            match deliver(queue, client, &part).await {
                Ok(report) => queue.finish(&part, Some(&report)),
                Err(Error::Invalid(refusal)) if refusal.status == 413 && part.len() > 1 => {
                    let later = part.split_off(part.len() / 2);
                    parts.extend([later, part]);
                }
                Err(error) => {
                    tracing::error!(events = part.len(), %error, "usage events were refused and are lost");
                    queue.finish(&part, None);
                }
            }
        }
    }
}

/// Sends one batch until it is answered for good.
async fn deliver(queue: &Queue, client: &Client, batch: &[String]) -> Result<Ingested, Error> {
    let mut failures = 0;
    loop {
        let body = format!("[{}]", batch.join(",")).into_bytes();
        let error = match client.post_events(body).await {
            Ok(report) => {
                warn_of_refused(&report);
                return Ok(report);
            }
            Err(error) => error,
        };
        failures += 1;
        let again = match &error {
            Error::Unavailable(_) => true,
            // An answer of something that stands before the server may pass as well.
            Error::Server(_) | Error::Protocol(_) => failures < MAX_FAILURES,
            _ => false,
        };
        if !again {
            return Err(error);
        }
        tracing::warn!(events = batch.len(), failures, %error, "usage events wait to be sent");
        queue.pause(BACKOFF.pause(failures)).await;
    }
}

/// Names the first of those that the server did not store.
fn warn_of_refused(report: &Ingested) {
    let first =
        report.results.iter().find(|result| result.status == "rejected" || result.status == "conflict");
    if let Some(first) = first {
        let why = first.error.as_ref().map_or("", |error| error.message.as_str());
        let (rejected, conflict) = (report.rejected, report.conflict);
        tracing::warn!(rejected, conflict, id = first.id, why, "usage events were not stored");
    }
}
