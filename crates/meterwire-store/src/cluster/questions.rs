//! Questions of one moment: the moment taken from PostgreSQL, and [`Asking`] on it.

use super::click::client::Clicks;
use super::connect::away;
use super::outbox::property_hash;
use super::pool::Readers;
use super::snapshot::{Bodies, Snapshot};
use super::usage::Asking;
use super::usage::labels::LabelTexts;
use super::usage::moment::{DeclaredProperty, FillingProperty, Moment};
use crate::error::Work;
use crate::label::LabelKind;
use crate::row::place_from_row;
use crate::sql::postgres::Connection;
use async_trait::async_trait;
use hashbrown::HashMap as Map;
use meterwire_app::ports::{AggregateRequest, AggregateRow, StoreError, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::property::MORE_VALUES;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

/// A question inside of a transaction that holds a tenant's lock: everybody else of the tenant waits for it.
const UNDER_A_LOCK: Duration = Duration::from_secs(10);

/// What callers are told.
const TOO_SLOW: &str = "ClickHouse, which holds recorded events, takes too long to tell what was spent. Nothing was changed; try \
    again in a moment.";

const TEXTS: &str = "SELECT id, value FROM label WHERE tenant_id = $1 AND id = ANY($2)";
const NUMBERS: &str = "SELECT id, value FROM label WHERE tenant_id = $1 AND kind = $2 AND value = ANY($3)";
/// One that is being filled has no values yet.
const DECLARED: &str = "SELECT dimension.place, dimension.property, label.value, dimension.number, \
       dimension.events_from_ms, dimension.filled_seq < dimension.fill_to_seq, dimension.name, \
       dimension.filled_events, dimension.events_to_fill, dimension.fold FROM dimension \
     LEFT JOIN label ON label.tenant_id = dimension.tenant_id AND label.kind = $2 + dimension.place \
       AND dimension.filled_seq >= dimension.fill_to_seq \
     WHERE dimension.tenant_id = $1";

/// What questions need beside a connection.
pub(crate) struct Questions {
    pub(super) clicks: Arc<Clicks>,
    pub(super) bodies: Bodies,
}

impl Questions {
    /// The present moment of a tenant, on a connection of any kind.
    pub(super) async fn moment(&self, client: &Client, tenant: TenantId) -> Work<Moment> {
        let snapshot = Snapshot::take(client, &self.bodies, tenant).await?;
        let (declared, filling) =
            if snapshot.dimensions > 0 { declared(client, tenant).await? } else { <_>::default() };
        Ok(Moment { snapshot, declared, filling })
    }

    /// The same on a connection that is lent for it.
    pub(super) async fn moment_by(&self, readers: &Readers, tenant: TenantId) -> Work<Moment> {
        let reader = readers.reader().await?;
        Ok(readers.heard(self.moment(reader.client()?, tenant)).await?)
    }

    /// Adds up usage as the transaction of this connection sees it, on a thread that may wait. ClickHouse has little time for
    /// it; where it is away, so is the answer.
    pub(crate) fn sums(
        &self,
        connection: &Connection,
        tenant: TenantId,
        request: &AggregateRequest,
    ) -> Work<Vec<AggregateRow>> {
        let client = connection.client();
        let asked = async {
            let moment = self.moment(client, tenant).await?;
            let labels = LabelsOn(client);
            Asking::new(&self.clicks, &labels, &moment).sums(request).await
        };
        let bounded = async { tokio::time::timeout(UNDER_A_LOCK, asked).await };
        connection.run(bounded).unwrap_or_else(|_| Err(StoreError::outage(TOO_SLOW).into()))
    }
}

/// A declaration that is being read.
#[derive(Default)]
struct Declared {
    key: u64,
    number: i64,
    values: HashMap<u64, Arc<str>>,
    has_more: bool,
    known_from_ms: Option<i64>,
    fold: Option<i64>,
}

/// The dimensions that can be asked about, with their values, and those that cannot yet.
async fn declared(client: &Client, tenant: TenantId) -> Work<(Vec<DeclaredProperty>, Vec<FillingProperty>)> {
    let first = place_from_row(0).and_then(|place| LabelKind::Dimension(Dimension::Property(place)).code());
    let first = first.map_or(0, i64::from);
    let params = [(&tenant.0 as _, Type::INT8), (&first as _, Type::INT8)];
    let rows = client.query_typed(DECLARED, &params).await.map_err(|error| away(&error))?;
    let mut found: Map<i64, Declared> = Map::new();
    let mut filling = Vec::new();
    for row in rows {
        let read =
            || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?));
        let (place, property, value, number, from_ms): (i64, String, Option<String>, i64, Option<i64>) =
            read().map_err(|error: tokio_postgres::Error| away(&error))?;
        if let Some(one) = filling_of(&row, place).map_err(|error| away(&error))? {
            filling.push(one);
            continue;
        }
        let declared = found.entry(place).or_default();
        (declared.key, declared.number) = (property_hash(&property), number);
        declared.known_from_ms = from_ms;
        declared.fold = row.try_get(9).map_err(|error| away(&error))?;
        match value {
            Some(value) if value == MORE_VALUES => declared.has_more = true,
            Some(value) => drop(declared.values.insert(property_hash(&value), value.into())),
            None => {}
        }
    }
    let declared = found.into_iter().filter_map(|(place, found)| {
        let Declared { key, number, values, has_more, known_from_ms, fold } = found;
        let number = number.try_into().ok()?;
        Some(DeclaredProperty {
            place: place_from_row(place)?,
            number,
            key,
            values: Arc::new(values),
            has_more,
            known_from_ms,
            fold: fold.and_then(|fold| fold.try_into().ok()),
        })
    });
    Ok((declared.collect(), filling))
}

/// The declaration of a row, where it is still being filled.
fn filling_of(
    row: &tokio_postgres::Row,
    place: i64,
) -> std::result::Result<Option<FillingProperty>, tokio_postgres::Error> {
    let (is_filling, place) = (row.try_get::<_, bool>(5)?, place_from_row(place));
    let Some(place) = place.filter(|_| is_filling) else { return Ok(None) };
    let (filled_events, events_to_fill): (i64, i64) = (row.try_get(7)?, row.try_get(8)?);
    let filled_events = filled_events.min(events_to_fill);
    Ok(Some(FillingProperty { place, name: row.try_get(6)?, filled_events, events_to_fill }))
}

/// Labels as anybody sees them, on a connection that is lent for as long as it takes: a question that waits for ClickHouse
/// holds none.
pub(super) struct LabelsBy<'r>(pub(super) &'r Readers);

#[async_trait]
impl LabelTexts for LabelsBy<'_> {
    async fn texts(&self, tenant: TenantId, numbers: Vec<u32>) -> Work<HashMap<u32, Arc<str>>> {
        let reader = self.0.reader().await?;
        Ok(self.0.heard(LabelsOn(reader.client()?).texts(tenant, numbers)).await?)
    }

    async fn numbers(
        &self,
        tenant: TenantId,
        kind: LabelKind,
        texts: Vec<String>,
    ) -> Work<HashMap<String, u32>> {
        let reader = self.0.reader().await?;
        Ok(self.0.heard(LabelsOn(reader.client()?).numbers(tenant, kind, texts)).await?)
    }
}

/// Labels as a connection sees them, those of its own transaction too.
pub(super) struct LabelsOn<'c>(pub(super) &'c Client);

#[async_trait]
impl LabelTexts for LabelsOn<'_> {
    async fn texts(&self, tenant: TenantId, numbers: Vec<u32>) -> Work<HashMap<u32, Arc<str>>> {
        let numbers: Vec<i64> = numbers.into_iter().map(i64::from).collect();
        let params = [(&tenant.0 as _, Type::INT8), (&numbers as _, Type::INT8_ARRAY)];
        let rows = self.0.query_typed(TEXTS, &params).await.map_err(|error| away(&error))?;
        let text = |row: &tokio_postgres::Row| {
            let number = u32::try_from(row.get::<_, i64>(0)).ok()?;
            Some((number, Arc::from(row.get::<_, &str>(1))))
        };
        Ok(rows.iter().filter_map(text).collect())
    }

    async fn numbers(
        &self,
        tenant: TenantId,
        kind: LabelKind,
        texts: Vec<String>,
    ) -> Work<HashMap<String, u32>> {
        let kind = kind.code().map_or(0, i64::from);
        // PostgreSQL refuses texts with NUL, and no label is one.
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.contains('\0')).collect();
        let params =
            [(&tenant.0 as _, Type::INT8), (&kind as _, Type::INT8), (&texts as _, Type::TEXT_ARRAY)];
        let rows = self.0.query_typed(NUMBERS, &params).await.map_err(|error| away(&error))?;
        let number = |row: &tokio_postgres::Row| {
            Some((row.get::<_, String>(1), u32::try_from(row.get::<_, i64>(0)).ok()?))
        };
        Ok(rows.iter().filter_map(number).collect())
    }
}
