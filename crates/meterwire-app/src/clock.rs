//! The only places where the time is read and ids and secrets are made.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, Unix milliseconds.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that the others are replaced by")]
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now_ms`.
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves the clock to `now_ms`, forwards or backwards.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A new id: UUIDv7, so that ids made later sort later.
#[expect(clippy::disallowed_methods, reason = "the one maker of ids")]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Bytes of a request's id.
pub const REQUEST_ID_LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;

/// A new id for a request: a UUIDv7 like the others, but guessable, since nothing is decided by it. A count in place of
/// random bits saves a system call a request; a few random bits tell processes apart.
pub fn write_request_id(text: &mut [u8; REQUEST_ID_LENGTH]) -> &str {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static PROCESS: LazyLock<[u8; 16]> = LazyLock::new(|| uuid::Uuid::new_v4().into_bytes());
    let mut bits = [0; 10];
    bits[..4].copy_from_slice(&PROCESS[..4]);
    bits[4..].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes()[2..]);
    let millis = u64::try_from(SystemClock.now_ms()).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &bits).into_uuid();
    id.hyphenated().encode_lower(text)
}

/// 160 random bits as 32 characters of lower-case base 32: the secret part of a token.
pub fn new_secret() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    // Two version-4 ids hold 244 random bits from the operating system's generator.
    let bytes = [uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().into_bytes()].concat();
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}
