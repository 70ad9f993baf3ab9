//! Answers to idempotency keys: the same key with the same request gets the same answer, refusals too.

use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{StoreError, TenantId};
use meterwire_core::limit::IDEMPOTENCY_MS;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

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
        now_ms: i64,
    ) -> Work<Option<Result<T, StoreError>>> {
        let found: Option<([u8; 32], String)> = connection
            .prepare_cached(include_str!("../../sql/idempotency/find.sql"))?
            .query_row(params![self.tenant.0, self.text, now_ms - IDEMPOTENCY_MS], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((request, answer)) = found else { return Ok(None) };
        if request != self.request {
            let sentence = "this idempotency_key was used for another request".to_owned();
            return Ok(Some(Err(StoreError::Conflict(sentence))));
        }
        let damaged = |_| Fault::Damaged("the answer to an idempotency key cannot be read".to_owned());
        Ok(Some(Ok(serde_json::from_str(&answer).map_err(damaged)?)))
    }

    /// Remembers an answer.
    pub(super) fn keep<T: Serialize>(&self, connection: &Connection, answer: &T, now_ms: i64) -> Work<()> {
        let answer = serde_json::to_string(answer).map_err(|error| Fault::Damaged(error.to_string()))?;
        connection.prepare_cached(include_str!("../../sql/idempotency/keep.sql"))?.execute(params![
            self.tenant.0,
            self.text,
            self.request,
            answer,
            now_ms
        ])?;
        Ok(())
    }
}
