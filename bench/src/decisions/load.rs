//! The load generator. It shares the cores with what it measures, so it does as little as it can: one thread, sockets
//! that never block, requests written once and patched in place, answers skipped rather than read.

use crate::Outcome;
use crate::decisions::histogram::Histogram;
use crate::decisions::wire::Wire;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// Users have numbers of five digits, so that a request can be patched without moving a byte.
pub(crate) const USERS: u32 = 10_000;
/// What stands in a request where the number of a user belongs.
pub(crate) const USER: &str = "#####";
/// No answer for so long ends the measurement with an error; also the longest wait for the last ones.
const SILENCE: Duration = Duration::from_secs(10);
/// Large enough for every answer that is not an array.
const RECEIVE_BYTES: usize = 4_096;

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Any of the users, each as likely.
    Everyone,
    /// Always the first one.
    Hot,
}

/// What is sent over and over.
#[derive(Clone)]
pub(crate) struct Load {
    /// Where to.
    pub address: String,
    /// The process that answers there.
    pub process: u32,
    /// One request; every [`USER`] in it becomes the number of a user and is one decision.
    pub request: Vec<u8>,
    /// How it is answered.
    pub wire: Wire,
    /// Whose numbers.
    pub spread: Spread,
    /// Each of them has one request under way.
    pub connections: usize,
    /// How long a connection rests after an answer.
    pub pause: Duration,
    /// How long it is sent before measuring.
    pub warm_up: Duration,
    /// How long is measured.
    pub measured: Duration,
}

/// What came of it.
pub(crate) struct Measured {
    /// Of the requests answered within the measured time.
    pub latency: Histogram,
    /// Decisions a second, of the same.
    pub rate: f64,
    /// How many decisions each user was answered, those before and after the measured time too.
    pub answered: Vec<u64>,
    /// Time of a core for each decision, of the process that answers, in microseconds; none where it answered others too.
    pub server_cpu_us: Option<f64>,
    /// The same of this generator.
    pub own_cpu_us: f64,
}

/// Sends the load and measures; ends with an error at the first answer that is not the expected one.
pub(crate) fn measure(load: &Load) -> Outcome<Measured> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(load.connections.max(1));
    let mut connections = Vec::new();
    for number in 0..load.connections {
        connections.push(Connection::open(load, &poll, Token(number))?);
    }
    let mut run = Run::new(load);
    let mut cpu = [(run.from, None), (run.until, None)];
    for connection in &mut connections {
        run.send(connection)?;
    }
    let mut heard = run.now;
    while run.open > 0 {
        match poll.poll(&mut events, Some(run.patience())) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        if events.is_empty() {
            run.now = Instant::now();
        }
        for event in &events {
            let connection = &mut connections[event.token().0];
            if connection.answered(load.wire)? {
                run.take(connection, event.token().0)?;
                heard = run.now;
            }
        }
        run.send_due(&mut connections)?;
        if run.now > heard + SILENCE || run.now > run.until + SILENCE {
            return Err(format!("no answer for {} s", SILENCE.as_secs()).into());
        }
        for (at, spent) in &mut cpu {
            if run.now >= *at && spent.is_none() {
                *spent = Some((cpu_us(&load.process.to_string())?, cpu_us("thread-self")?));
            }
        }
    }
    let [before, after] = cpu.map(|(_, spent)| spent.unwrap_or_default());
    Ok(run.finish((after.0 - before.0, after.1 - before.1)))
}

/// A measurement under way.
struct Run<'a> {
    load: &'a Load,
    users: Users,
    latency: Histogram,
    from: Instant,
    until: Instant,
    now: Instant,
    /// Connections that are not at their end.
    open: usize,
    /// Connections that pause, and when they go on; the next one first.
    pausing: VecDeque<(Instant, usize)>,
}

impl<'a> Run<'a> {
    fn new(load: &'a Load) -> Self {
        let now = Instant::now();
        let from = now + load.warm_up;
        let until = from + load.measured;
        let (users, latency, open) = (Users::new(load), Histogram::new(), load.connections);
        Self { load, users, latency, from, until, now, open, pausing: VecDeque::new() }
    }

    fn send(&mut self, connection: &mut Connection) -> Outcome<()> {
        self.users.patch(&mut connection.request);
        connection.send(self.now)
    }

    /// Takes an answer and sends the next request, now or after the pause.
    fn take(&mut self, connection: &mut Connection, place: usize) -> Outcome<()> {
        self.now = Instant::now();
        if self.now >= self.from && self.now < self.until {
            self.latency.record(self.now - connection.sent);
        }
        self.users.count(&connection.request);
        if self.now >= self.until {
            self.open -= 1;
        } else if self.load.pause.is_zero() {
            self.send(connection)?;
        } else {
            self.pausing.push_back((self.now + self.load.pause, place));
        }
        Ok(())
    }

    fn send_due(&mut self, connections: &mut [Connection]) -> Outcome<()> {
        while let Some((due, place)) = self.pausing.front().copied() {
            self.now = Instant::now();
            if due > self.now {
                break;
            }
            self.pausing.pop_front();
            self.send(&mut connections[place])?;
        }
        Ok(())
    }

    /// How long may be waited for an answer.
    fn patience(&self) -> Duration {
        self.pausing.front().map_or(SILENCE, |(due, _)| due.saturating_duration_since(self.now))
    }

    /// Puts together what was measured; what the process and this thread had of the cores, in microseconds.
    fn finish(self, cpu_us: (u64, u64)) -> Measured {
        let decisions = self.latency.count() * self.users.places.len().max(1) as u64;
        let each = |us: u64| float(us) / float(decisions.max(1));
        Measured {
            rate: float(decisions) / self.load.measured.as_secs_f64(),
            latency: self.latency,
            answered: self.users.answered,
            server_cpu_us: Some(each(cpu_us.0)),
            own_cpu_us: each(cpu_us.1),
        }
    }
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    written: usize,
    sent: Instant,
    received: Vec<u8>,
    filled: usize,
}

impl Connection {
    fn open(load: &Load, poll: &Poll, token: Token) -> Outcome<Self> {
        let stream = std::net::TcpStream::connect(&load.address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        // Reported once a change: a socket that can be written all the time costs nothing.
        poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        let request = load.request.clone();
        let received = vec![0; RECEIVE_BYTES];
        Ok(Self { stream, written: request.len(), request, sent: Instant::now(), received, filled: 0 })
    }

    fn send(&mut self, now: Instant) -> Outcome<()> {
        (self.sent, self.written, self.filled) = (now, 0, 0);
        self.write()
    }

    fn write(&mut self) -> Outcome<()> {
        while self.written < self.request.len() {
            match self.stream.write(&self.request[self.written..]) {
                Ok(written) => self.written += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Whether what could be read now completes the answer. Not asked again once it does, until the next request.
    fn answered(&mut self, wire: Wire) -> Outcome<bool> {
        self.write()?;
        loop {
            match self.stream.read(&mut self.received[self.filled..]) {
                Ok(0) => return Err("the connection ended".into()),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            }
            match wire.answer_bytes(&self.received[..self.filled])? {
                Some(length) if length == self.filled => return Ok(true),
                Some(_) => return Err("more was answered than asked".into()),
                None if self.filled == self.received.len() => self.received.resize(self.filled * 2, 0),
                None => {}
            }
        }
    }
}

/// Chooses users, writes their numbers into requests and remembers what they were answered.
struct Users {
    spread: Spread,
    places: Vec<usize>,
    answered: Vec<u64>,
    random: u64,
}

impl Users {
    fn new(load: &Load) -> Self {
        let starts = load.request.windows(USER.len()).enumerate();
        let places = starts.filter(|(_, part)| *part == USER.as_bytes()).map(|(place, _)| place).collect();
        Self { spread: load.spread, places, answered: vec![0; USERS as usize], random: 1 }
    }

    fn patch(&mut self, request: &mut [u8]) {
        for place in &self.places {
            let user = if self.spread == Spread::Hot { 0 } else { next_user(&mut self.random) };
            write_digits(&mut request[*place..*place + USER.len()], user);
        }
    }

    fn count(&mut self, request: &[u8]) {
        for place in &self.places {
            self.answered[read_digits(&request[*place..*place + USER.len()])] += 1;
        }
    }
}

/// A linear congruential step; its high bits are good enough to spread users, and it costs a multiplication.
fn next_user(random: &mut u64) -> u32 {
    *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let high = *random >> 32;
    u32::try_from((high * u64::from(USERS)) >> 32).unwrap_or(0)
}

fn write_digits(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn read_digits(digits: &[u8]) -> usize {
    digits.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

/// Time that a process or thread has had of the cores, in microseconds, to a hundredth of a second.
fn cpu_us(process: &str) -> Outcome<u64> {
    const TICK_US: u64 = 10_000;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before it may hold spaces.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<u64>().ok());
    Ok(TICK_US * (ticks(11).ok_or("no user time")? + ticks(12).ok_or("no system time")?))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read_back_and_every_user_comes_up() {
        let (mut random, mut seen) = (1, vec![0; USERS as usize]);
        for _ in 0..USERS * 30 {
            let (user, mut digits) = (next_user(&mut random), [0; 5]);
            write_digits(&mut digits, user);
            assert_eq!(read_digits(&digits), user as usize);
            seen[user as usize] += 1;
        }
        assert!(seen.iter().all(|times| (5..80).contains(times)));
    }
}
