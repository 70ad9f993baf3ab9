//! A proxy of TCP that loses what passes through it, when told.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

pub(crate) struct Proxy {
    pub(crate) url: String,
    faults: Arc<Faults>,
}

#[derive(Default)]
struct Faults {
    /// How many answers are still to be lost.
    to_lose: AtomicUsize,
    /// How many were lost.
    lost: AtomicUsize,
    /// Nobody is home: every connection ends at once.
    away: AtomicBool,
}

impl Proxy {
    /// Stands before a server.
    pub(crate) fn before(url: &str) -> Self {
        let server: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let faults = Arc::new(Faults::default());
        let known = faults.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if known.away.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect(server).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let faults = known.clone();
                thread::spawn(move || pass_on(from, to, || faults.away.load(Ordering::SeqCst)));
                let faults = known.clone();
                thread::spawn(move || pass_on(server, client, || faults.lose_one()));
            }
        });
        Self { url, faults }
    }

    /// Loses the next answers: the server has done what was asked, and nobody hears of it.
    pub(crate) fn lose_answers(&self, count: usize) {
        self.faults.to_lose.store(count, Ordering::SeqCst);
    }

    pub(crate) fn lost(&self) -> usize {
        self.faults.lost.load(Ordering::SeqCst)
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.faults.away.store(away, Ordering::SeqCst);
    }
}

impl Faults {
    fn lose_one(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        let lose = self.to_lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok();
        self.lost.fetch_add(usize::from(lose), Ordering::SeqCst);
        lose
    }
}

/// Passes bytes on until either side ends, or what was read is to be lost.
fn pass_on(mut from: TcpStream, mut to: TcpStream, lose: impl Fn() -> bool) {
    let mut bytes = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if lose() || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
