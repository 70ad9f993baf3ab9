//! Memory at rest and the time to the first answer.

use crate::Outcome;
use crate::server::{Server, binary};
use std::time::Duration;

const STARTS: usize = 11;

pub(crate) fn run() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let mut ready_ms = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(&data)?;
        ready_ms.push(server.ready.as_secs_f64() * 1000.0);
        server.stop()?;
    }
    let first = ready_ms.remove(0);
    ready_ms.sort_by(f64::total_cmp);
    let server = Server::start(&data)?;
    std::thread::sleep(Duration::from_secs(3));
    let (resident, _) = server.memory_mib()?;
    println!("## Start and rest\n");
    println!("| What | Measured | Goal |\n|---|---:|---:|");
    println!("| start to the first answer, new directory | {first:.0} ms | 300 ms |");
    let (median, slowest) = (ready_ms[ready_ms.len() / 2], ready_ms.last().copied().unwrap_or(0.0));
    println!("| start again, median of {} | {median:.0} ms | 300 ms |", ready_ms.len());
    println!("| start again, slowest | {slowest:.0} ms | 300 ms |");
    println!("| resident memory at rest | {resident} MiB | 64 MiB |");
    println!("| size of the binary | {} MiB | |\n", binary()?.metadata()?.len() >> 20);
    server.stop()
}
