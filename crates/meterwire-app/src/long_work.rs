//! Long computations, kept from holding up those who are served by the same thread.

use tokio::runtime::{Handle, RuntimeFlavor};

/// From so many rows on, some milliseconds, others are served by another thread meanwhile.
const MANY_ROWS: usize = 2_000;

/// Runs work over so many rows where it stands, after handing whatever else waits for this thread to another one.
pub fn long_work<T>(rows: usize, work: impl FnOnce() -> T) -> T {
    let has_others =
        Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if rows < MANY_ROWS || !has_others {
        return work();
    }
    tokio::task::block_in_place(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn others_are_served_meanwhile() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
        runtime.unwrap().block_on(async {
            let (answer, waits) = mpsc::channel();
            let long = tokio::spawn(async move { long_work(MANY_ROWS, || waits.recv().is_ok()) });
            let other = tokio::spawn(async move { answer.send(()).is_ok() });
            assert!(other.await.is_ok_and(|sent| sent));
            assert!(long.await.is_ok_and(|answered| answered));
        });
    }

    #[tokio::test]
    async fn a_runtime_of_one_thread_does_it_itself() {
        assert_eq!(long_work(MANY_ROWS, || 1), 1);
    }
}
