//! Questions of one moment: the moment taken from PostgreSQL, and [`Asking`] on it.

use super::click::client::Clicks;
use super::connect::away;
use super::outbox::property_hash;
use super::snapshot::{Bodies, Snapshot};
use super::usage::Asking;
use super::usage::labels::LabelTexts;
use super::usage::moment::{DeclaredProperty, Moment};
use crate::error::{Work, unavailable};
use crate::label::LabelKind;
use crate::row::place_from_row;
use crate::sql::postgres::Connection;
use async_trait::async_trait;
use hashbrown::HashMap as Map;
use meterwire_app::ports::{AggregateRequest, AggregateRow, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::property::MORE_VALUES;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

/// A question inside of a transaction that holds a tenant's lock: everybody else of the tenant waits for it.
const UNDER_A_LOCK: Duration = Duration::from_secs(10);

const TEXTS: &str = "SELECT id, value FROM label WHERE tenant_id = $1 AND id = ANY($2)";
const NUMBERS: &str = "SELECT id, value FROM label WHERE tenant_id = $1 AND kind = $2 AND value = ANY($3)";
const DECLARED: &str = "SELECT dimension.place, dimension.property, label.value, dimension.number FROM dimension \
     LEFT JOIN label ON label.tenant_id = dimension.tenant_id AND label.kind = $2 + dimension.place \
     WHERE dimension.tenant_id = $1 AND dimension.filled_seq >= dimension.fill_to_seq";

/// What questions need beside a connection.
pub(crate) struct Questions {
    pub(super) clicks: Arc<Clicks>,
    pub(super) bodies: Bodies,
}

impl Questions {
    /// The present moment of a tenant, on a connection of any kind.
    pub(super) async fn moment(&self, client: &Client, tenant: TenantId) -> Work<Moment> {
        let snapshot = Snapshot::take(client, &self.bodies, tenant).await?;
        let declared = if snapshot.dimensions > 0 { declared(client, tenant).await? } else { Vec::new() };
        Ok(Moment { snapshot, declared })
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
        connection.run(bounded).unwrap_or_else(|_| Err(unavailable("ClickHouse takes too long").into()))
    }
}

/// A declaration that is being read.
#[derive(Default)]
struct Declared {
    key: u64,
    number: i64,
    values: HashMap<u64, Arc<str>>,
    has_more: bool,
}

/// The dimensions that can be asked about, with their values.
async fn declared(client: &Client, tenant: TenantId) -> Work<Vec<DeclaredProperty>> {
    let first = place_from_row(0).and_then(|place| LabelKind::Dimension(Dimension::Property(place)).code());
    let first = first.map_or(0, i64::from);
    let params = [(&tenant.0 as _, Type::INT8), (&first as _, Type::INT8)];
    let rows = client.query_typed(DECLARED, &params).await.map_err(|error| away(&error))?;
    let mut found: Map<i64, Declared> = Map::new();
    for row in rows {
        let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
        let (place, property, value, number): (i64, String, Option<String>, i64) =
            read().map_err(|error: tokio_postgres::Error| away(&error))?;
        let declared = found.entry(place).or_default();
        (declared.key, declared.number) = (property_hash(&property), number);
        match value {
            Some(value) if value == MORE_VALUES => declared.has_more = true,
            Some(value) => drop(declared.values.insert(property_hash(&value), value.into())),
            None => {}
        }
    }
    let declared = found.into_iter().filter_map(|(place, found)| {
        let Declared { key, number, values, has_more } = found;
        let number = number.try_into().ok()?;
        Some(DeclaredProperty {
            place: place_from_row(place)?,
            number,
            key,
            values: Arc::new(values),
            has_more,
        })
    });
    Ok(declared.collect())
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
        let params =
            [(&tenant.0 as _, Type::INT8), (&kind as _, Type::INT8), (&texts as _, Type::TEXT_ARRAY)];
        let rows = self.0.query_typed(NUMBERS, &params).await.map_err(|error| away(&error))?;
        let number = |row: &tokio_postgres::Row| {
            Some((row.get::<_, String>(1), u32::try_from(row.get::<_, i64>(0)).ok()?))
        };
        Ok(rows.iter().filter_map(number).collect())
    }
}
