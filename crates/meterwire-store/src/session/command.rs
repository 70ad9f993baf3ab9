//! Commands: what is to be written, on its way through a writer's queue.

use super::Session;
use crate::budget::SpentBy;
use crate::error::{Work, failed};
use crate::label::LabelKind;
use hashbrown::HashSet;
use meterwire_app::ports::StoreResult;
use serde_json::{Map, Value};
use std::ops::{AddAssign, SubAssign};
use std::sync::Arc;
use tokio::sync::oneshot;
use uuid::Uuid;

/// What a command adds to a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) commands: usize,
    pub(crate) events: usize,
    pub(crate) bytes: usize,
}

impl Weight {
    /// A change of the catalogue.
    pub(crate) const SMALL: Self = Self { commands: 1, events: 0, bytes: 512 };

    /// Whether it is more than this in any way.
    pub(crate) fn exceeds(&self, bound: &Self) -> bool {
        self.commands > bound.commands || self.events > bound.events || self.bytes > bound.bytes
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        self.commands += other.commands;
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

impl SubAssign for Weight {
    fn sub_assign(&mut self, other: Self) {
        self.commands -= other.commands;
        self.events -= other.events;
        self.bytes -= other.bytes;
    }
}

/// Something to be written.
pub(crate) trait Command: Send {
    /// What it adds to the queue.
    fn weight(&self) -> Weight;
    /// Whether it runs in a savepoint, so that its refusal leaves the rest of its group alone.
    fn isolated(&self) -> bool;
    /// Tells what it is going to look up.
    fn wants<'c>(&'c self, _wanted: &mut Wanted<'c>) {}
    /// Writes. May be run a second time after a rollback.
    fn run(&mut self, session: &mut Session<'_>) -> Work<()>;
    /// Answers, once, after the commit or the failure.
    fn answer(self: Box<Self>, outcome: StoreResult<()>);
}

/// What the commands of a transaction are going to look up, so that it can be looked up at once.
#[derive(Default)]
pub(crate) struct Wanted<'c> {
    /// Identities of events.
    pub(crate) hashes: Vec<Uuid>,
    pub(crate) labels: HashSet<(LabelKind, &'c str)>,
    /// Properties, of which those that are declared have labels too.
    pub(crate) properties: Vec<&'c Map<String, Value>>,
    /// Users and the metrics that they are to be counted by,
    pub(crate) counters: HashSet<(&'c str, &'c str)>,
    /// users whose events may change a level,
    pub(crate) recorded: HashSet<&'c str>,
    /// and whose money is spent or asked for,
    pub(crate) spends: Vec<SpentBy<'c>>,
    /// at about this instant, Unix milliseconds.
    pub(crate) now_ms: i64,
    /// Keys whose answers are known or to be known.
    pub(crate) keys: Vec<&'c str>,
}

/// Knows what a command is going to look up.
pub(crate) trait Wants: Send + Sync {
    /// Adds it.
    fn wants<'c>(&'c self, wanted: &mut Wanted<'c>);
}

/// A command beside what it is going to look up.
pub(crate) struct Wanting {
    pub(crate) command: Box<dyn Command>,
    pub(crate) wants: Arc<dyn Wants>,
}

impl Command for Wanting {
    fn weight(&self) -> Weight {
        self.command.weight()
    }

    fn isolated(&self) -> bool {
        self.command.isolated()
    }

    fn wants<'c>(&'c self, wanted: &mut Wanted<'c>) {
        self.wants.wants(wanted);
    }

    fn run(&mut self, session: &mut Session<'_>) -> Work<()> {
        self.command.run(session)
    }

    fn answer(self: Box<Self>, outcome: StoreResult<()>) {
        self.command.answer(outcome);
    }
}

/// A command made of a closure.
pub(crate) struct Job<T, F> {
    run: F,
    weight: Weight,
    isolated: bool,
    result: Option<T>,
    reply: oneshot::Sender<StoreResult<T>>,
}

impl<T, F> Job<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
{
    /// The command, and where its answer comes. Nothing comes where the command is dropped before it was answered.
    #[expect(clippy::new_ret_no_self, reason = "it is of use only boxed, beside where its answer comes")]
    pub(crate) fn new(
        weight: Weight,
        isolated: bool,
        run: F,
    ) -> (Box<dyn Command>, oneshot::Receiver<StoreResult<T>>) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Self { run, weight, isolated, result: None, reply }), answer)
    }
}

impl<T: Send, F: FnMut(&mut Session<'_>) -> Work<T> + Send> Command for Job<T, F> {
    fn weight(&self) -> Weight {
        self.weight
    }

    fn isolated(&self) -> bool {
        self.isolated
    }

    fn run(&mut self, session: &mut Session<'_>) -> Work<()> {
        self.result = Some((self.run)(session)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: StoreResult<()>) {
        let Self { result, reply, .. } = *self;
        // The caller may be gone; what was written stays written.
        let _ = reply.send(outcome.and_then(|()| result.ok_or_else(|| failed("a command left no result"))));
    }
}
