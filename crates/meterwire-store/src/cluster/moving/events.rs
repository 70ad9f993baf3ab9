//! Events: read in the order of recording, sent to ClickHouse as batches, and made to count by one transaction each.
//!
//! Nothing goes through the outbox, and no rule is asked anything: what the directory counted comes by tables.

use super::super::batch;
use super::super::flush::Flusher;
use super::super::lead::{StepError, bounded, name_dead};
use super::super::outbox::{inserts, to_body};
use super::ledgers::{self, Ledgers};
use super::rows::{MovedEvent, Reading, statement};
use super::{DONE, Mover};
use crate::error::{Fault, Work};
use meterwire_app::ports::StoreError;
use rusqlite::Connection;
use tokio_postgres::Transaction;
use uuid::Uuid;

/// About the most bytes of a batch's rows.
const BYTES: usize = 48 << 20;
/// Identities that are written by one statement.
const IDENTITIES: usize = 10_000;

const PART: &str = "events";
const PLACE: &str = "SELECT last_key FROM move_progress WHERE part = 'events'";
const ADVANCE: &str = "INSERT INTO move_progress (part, last_key, done) VALUES ('events', $1, FALSE) \
     ON CONFLICT (part) DO UPDATE SET last_key = excluded.last_key";
const ADD: &str = "INSERT INTO identity (hash, fingerprint, tenant_id, seq, time_ms, voided_ms) \
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])";

/// Events of one batch.
struct Piece {
    events: Vec<MovedEvent>,
    /// The number of the last.
    last_seq: i64,
}

impl Mover<'_> {
    /// Brings every event that is not there yet.
    pub(super) async fn bring_events(&mut self) -> Result<(), StepError> {
        if self.is_done(PART).await?.is_some() {
            return Ok(());
        }
        let place = bounded(self.lead.client().query_opt(PLACE, &[])).await?;
        let after: i64 = match place {
            Some(row) => row
                .get::<_, String>(0)
                .parse()
                .map_err(|_| Fault::Damaged("the place of a move in the events is no number".to_owned()))?,
            None => 0,
        };
        let mut ledgers = ledgers::all(self.lead.client()).await?;
        let mut flusher = Flusher::new(self.clicks.clone(), batch::BatchLimits::default());
        let most = self.events_at_once;
        let mut pieces = self.source.read(move |connection, send| read_pieces(connection, after, most, send));
        while let Some(piece) = self.lead.while_leading(pieces.recv()).await? {
            self.bring(piece?, &mut ledgers, &mut flusher).await?;
        }
        let last = self.source.last_seq().to_string();
        bounded(self.lead.client().execute(DONE, &[&PART, &last])).await?;
        Ok(())
    }

    /// One batch: it is sent, and then it counts.
    async fn bring(
        &mut self,
        piece: Piece,
        ledgers: &mut Ledgers,
        flusher: &mut Flusher,
    ) -> Result<(), StepError> {
        let now_ms = self.clock.now_ms();
        let (done, total) = (piece.last_seq.cast_unsigned(), self.source.last_seq().cast_unsigned());
        let mut rows = Vec::with_capacity(piece.events.len());
        let mut changed = Ledgers::new();
        let mut content = batch::Content::default();
        for event in &piece.events {
            let tenant = i64::from(event.row.tenant);
            let known = ledgers.get(&tenant).ok_or_else(|| orphan(event.row.seq))?;
            let ledger = changed.entry(tenant).or_insert(*known);
            for row in [Some(event.row.clone()), event.voided_ms.map(|_| event.row.cancelled())] {
                let Some(row) = row else { continue };
                ledger.add(&row)?;
                content.add(&row);
                rows.push(row);
            }
        }
        let number = batch::open(&self.lead, now_ms).await?;
        let body = to_body(&rows)?;
        for insert in inserts(number, self.clicks.shards(), &[body])? {
            flusher.insert(&self.lead, insert).await?;
            // A crash here leaves a batch that never counts.
            self.tell(PART, done, total)?;
        }
        let epoch = self.lead.epoch();
        let transaction = self.lead.transaction().await?;
        write_identities(&transaction, &piece.events).await?;
        ledgers::write(&transaction, &changed, piece.last_seq).await?;
        bounded(transaction.execute(ADVANCE, &[&piece.last_seq.to_string()])).await?;
        batch::name_applied(&transaction, epoch, number, &content, now_ms).await?;
        name_dead(&transaction, epoch).await?;
        bounded(transaction.commit()).await?;
        ledgers.extend(changed);
        self.moved.events += piece.events.len() as u64;
        self.tell(PART, done, total)
    }
}

fn orphan(seq: i64) -> Fault {
    let sentence = format!("event {seq} of the directory has no tenant; meterwire doctor tells more");
    StoreError::Conflict(sentence).into()
}

/// Reads events behind a number, a batch at a time.
fn read_pieces(
    connection: &Connection,
    after: i64,
    most: usize,
    send: &mut dyn FnMut(Piece) -> bool,
) -> Work<()> {
    let mut reading = Reading::new(connection)?;
    let mut statement = connection.prepare(&statement())?;
    let mut rows = statement.query([after])?;
    let (mut events, mut bytes) = (Vec::new(), 0);
    let mut last_seq = after;
    while let Some(row) = rows.next()? {
        let event = reading.event(row)?;
        last_seq = event.row.seq;
        bytes += 300 + event.row.id.len() + event.row.properties.len() + event.row.metrics.len();
        events.push(event);
        if events.len() >= most || bytes >= BYTES {
            if !send(Piece { events: std::mem::take(&mut events), last_seq }) {
                return Ok(());
            }
            bytes = 0;
        }
    }
    if !events.is_empty() {
        send(Piece { events, last_seq });
    }
    Ok(())
}

async fn write_identities(transaction: &Transaction<'_>, events: &[MovedEvent]) -> Result<(), StepError> {
    let add = bounded(transaction.prepare(ADD)).await?;
    for events in events.chunks(IDENTITIES) {
        let hashes: Vec<Uuid> = events.iter().map(|event| event.hash).collect();
        let fingerprints: Vec<Uuid> =
            events.iter().map(|event| Uuid::from_bytes(event.row.fingerprint)).collect();
        let tenants: Vec<i64> = events.iter().map(|event| event.row.tenant.into()).collect();
        let seqs: Vec<i64> = events.iter().map(|event| event.row.seq).collect();
        let times: Vec<i64> = events.iter().map(|event| event.row.time_ms).collect();
        let voided: Vec<Option<i64>> = events.iter().map(|event| event.voided_ms).collect();
        bounded(transaction.execute(&add, &[&hashes, &fingerprints, &tenants, &seqs, &times, &voided]))
            .await?;
    }
    Ok(())
}
