//! The client's own thread. Every request runs there, so that a call works from any executor or from none, a future
//! that is dropped half-way still learns what it started, and a reservation can be given back from a destructor.

use crate::error::Error;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Ends its thread when dropped; what runs there keeps the driver alive by holding the client.
pub(crate) struct Driver {
    handle: Handle,
    /// Closed by being dropped.
    _stop: oneshot::Sender<()>,
}

impl Driver {
    pub(crate) fn start() -> Result<Self, Error> {
        let failed =
            |error: std::io::Error| Error::Setup(format!("the client's thread cannot start: {error}"));
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            // An error says that the sender is gone: the same.
            let _ = runtime.block_on(stopped);
            // Looking up a name may take long; nobody waits for it any more.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("meterwire-client".to_owned()).spawn(run).map_err(failed)?;
        Ok(Self { handle, _stop: stop })
    }

    /// Starts a job. It is not stopped when the receiver is dropped; then what it made is dropped.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        self.handle.spawn(async move {
            let _ = sender.send(job.await);
        });
        receiver
    }
}
