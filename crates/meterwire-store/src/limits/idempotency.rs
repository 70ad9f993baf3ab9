//! Answers to idempotency keys: the same key with the same request gets the same answer, refusals too.

use crate::cluster::statements;
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params, postgres};
use hashbrown::HashMap;
use meterwire_app::ports::{StoreError, TenantId};
use meterwire_core::limit::IDEMPOTENCY_MS;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Requests of one transaction are at most so far apart.
const NEAR_MS: i64 = 3_600_000;

/// A key and a hash of what is asked with it.
pub(super) struct Key<'a> {
    tenant: TenantId,
    text: &'a str,
    request: [u8; 32],
}

impl<'a> Key<'a> {
    /// `verb` and `parts` are everything that makes the request what it is.
    pub(super) fn new<'p>(
        tenant: TenantId,
        key: &'a str,
        verb: &'p str,
        parts: impl IntoIterator<Item = &'p [u8]>,
    ) -> Self {
        let mut hash = Sha256::new();
        for part in [verb.as_bytes()].into_iter().chain(parts) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self { tenant, text: key, request: hash.finalize().into() }
    }

    /// The remembered answer; a refusal where the key was used for another request.
    pub(super) fn find<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        answers: &Answers,
        now_ms: i64,
    ) -> Work<Option<Result<T, StoreError>>> {
        let since_ms = now_ms - IDEMPOTENCY_MS;
        let read;
        let found = match answers.of(self.tenant, self.text) {
            Remembered::Answer(known) => Some(known).filter(|known| known.created_ms > since_ms),
            Remembered::None => None,
            Remembered::Unknown => {
                read = connection
                    .prepare_cached(include_str!("../../sql/idempotency/find.sql"))?
                    .query_row(params![self.tenant.0, self.text, since_ms], |row| {
                        Ok(Answered { request: row.get(0)?, answer: row.get(1)?, created_ms: now_ms })
                    })
                    .optional()?;
                read.as_ref()
            }
        };
        let Some(Answered { request, answer, .. }) = found else { return Ok(None) };
        if *request != self.request {
            let sentence = "this idempotency_key was used for another request".to_owned();
            return Ok(Some(Err(StoreError::Conflict(sentence))));
        }
        let damaged = |_| Fault::Damaged("the answer to an idempotency key cannot be read".to_owned());
        Ok(Some(Ok(serde_json::from_str(answer).map_err(damaged)?)))
    }

    /// Remembers an answer; it is written with what else waits.
    pub(super) fn keep<T: Serialize>(&self, answers: &mut Answers, answer: &T, now_ms: i64) -> Work<()> {
        let answer = serde_json::to_string(answer).map_err(|error| Fault::Damaged(error.to_string()))?;
        let answered = Answered { request: self.request, answer, created_ms: now_ms };
        let key = (self.tenant, self.text.into());
        answers.waiting.push(key.clone());
        answers.known.insert(key, Some(answered));
        Ok(())
    }
}

/// An answer that was given.
#[derive(Debug)]
struct Answered {
    request: [u8; 32],
    /// JSON.
    answer: String,
    /// When, Unix milliseconds.
    created_ms: i64,
}

/// What is remembered of a key.
enum Remembered<'a> {
    Answer(&'a Answered),
    /// It was looked up and has no answer.
    None,
    /// It has to be looked up.
    Unknown,
}

/// A tenant's key.
type OfTenant = (TenantId, Box<str>);

/// Answers of the running transaction, and those that were looked up for it.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// `None` where a key was looked up and has no answer that is not too old.
    known: HashMap<OfTenant, Option<Answered>>,
    /// Those that are not written yet, each of which is known too.
    waiting: Vec<OfTenant>,
}

impl Answers {
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.waiting.clear();
    }

    pub(super) fn is_written(&self) -> bool {
        self.waiting.is_empty()
    }

    fn of(&self, tenant: TenantId, key: &str) -> Remembered<'_> {
        if self.known.is_empty() {
            return Remembered::Unknown;
        }
        match self.known.get(&(tenant, key.into())) {
            Some(Some(answered)) => Remembered::Answer(answered),
            Some(None) => Remembered::None,
            None => Remembered::Unknown,
        }
    }

    /// Looks up the answers to many keys in one statement, for requests of about this instant. Before, what was looked up
    /// for the last transaction is forgotten: there may be others by now.
    pub(super) fn look_up(
        &mut self,
        rows: &postgres::Connection,
        tenant: TenantId,
        keys: &[&str],
        now_ms: i64,
    ) -> Work<()> {
        self.clear();
        if keys.is_empty() {
            return Ok(());
        }
        let answers = rows.prepared(statements::ANSWERS)?;
        let since_ms = now_ms - IDEMPOTENCY_MS - NEAR_MS;
        let found = rows.wait_for(rows.client().query(&answers, &[&tenant.0, &keys, &since_ms]))?;
        self.known.extend(keys.iter().map(|key| ((tenant, (*key).into()), None)));
        for row in &found {
            let damaged =
                |error: tokio_postgres::Error| Fault::Damaged(format!("an answer to a key: {error}"));
            let (key, request): (String, &[u8]) =
                (row.try_get(0).map_err(damaged)?, row.try_get(1).map_err(damaged)?);
            let request =
                request.try_into().map_err(|_| Fault::Damaged("the hash of a request".to_owned()))?;
            let (answer, created_ms) = (row.try_get(2).map_err(damaged)?, row.try_get(3).map_err(damaged)?);
            let answered = Answered { request, answer, created_ms };
            self.known.insert((tenant, key.into()), Some(answered));
        }
        Ok(())
    }

    /// Writes those that are not written; behind that they are found in the database.
    pub(super) fn flush(&mut self, connection: &Connection) -> Work<()> {
        let Self { known, waiting } = self;
        let keep = |key: OfTenant| {
            let Answered { request, answer, created_ms } = known.get(&key)?.as_ref()?;
            Some((key.0.0, key.1.to_string(), *request, answer.clone(), *created_ms))
        };
        let rows: Vec<_> = waiting.drain(..).filter_map(keep).collect();
        connection.execute_many(include_str!("../../sql/idempotency/keep.sql"), rows)?;
        if matches!(connection, Connection::Sqlite(_)) {
            known.clear();
        }
        Ok(())
    }
}
