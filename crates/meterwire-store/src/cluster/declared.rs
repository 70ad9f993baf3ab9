//! Declared properties as folds know them.
//!
//! A declaration that is ready is added up once for all batches that are folded already ([`Declared::of_none`]), as a fold of its
//! own; from then on (`dimension.fold` is that fold's number) every fold has it ([`Declared::of_folds`]). Folds are made one
//! after the other, so none comes between the two. Until then questions are answered from events, and retention waits.

use super::click::folds::Declaration;
use super::lead::{Lead, StepError, bounded};
use super::outbox::property_hash;
use crate::error::Fault;
use crate::label::LabelKind;
use crate::row::place_from_row;
use meterwire_core::dimension::Dimension;
use meterwire_core::property::{MAX_PROPERTY_VALUES, MORE_VALUES};
use tokio_postgres::{Client, Row};

/// Declarations that are added up together.
const MAX_NEW: i64 = 100;

/// `$1` is the kind of labels of the first place, `$2` the label of all further values.
const OF_FOLDS: &str = "SELECT dimension.tenant_id, dimension.place, dimension.property, dimension.number, \
       EXISTS (SELECT 1 FROM label WHERE label.tenant_id = dimension.tenant_id \
         AND label.kind = $1 + dimension.place AND label.value = $2), dimension.fold \
     FROM dimension WHERE dimension.fold IS NOT NULL ORDER BY dimension.number";
/// Of an erased user's events only what was declared when it began to be cleared is kept: so what is declared meanwhile is
/// added up behind that, or a total would have what its events have no more.
const NEW: &str = "SELECT dimension.tenant_id, dimension.place, dimension.property, dimension.number, \
       EXISTS (SELECT 1 FROM label WHERE label.tenant_id = dimension.tenant_id \
         AND label.kind = $1 + dimension.place AND label.value = $2) \
     FROM dimension WHERE dimension.fold IS NULL AND dimension.filled_seq >= dimension.fill_to_seq \
       AND NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.tenant_id = dimension.tenant_id) \
     ORDER BY dimension.number LIMIT $3";
const VALUES: &str = "SELECT value FROM label WHERE tenant_id = $1 AND kind = $2";

/// Declarations that folds are to have.
pub(super) struct Declared;

impl Declared {
    /// Those that every fold has.
    pub(super) async fn of_folds(lead: &Lead) -> Result<Vec<Declaration>, StepError> {
        let rows = bounded(lead.client().query(OF_FOLDS, &[&first_kind(), &MORE_VALUES])).await?;
        all(lead.client(), &rows).await
    }

    /// Those that no fold has yet.
    pub(super) async fn of_none(lead: &Lead) -> Result<Vec<Declaration>, StepError> {
        let rows = bounded(lead.client().query(NEW, &[&first_kind(), &MORE_VALUES, &MAX_NEW])).await?;
        all(lead.client(), &rows).await
    }

    /// Those that every fold from this one on has, its number beside each; for one that only looks.
    pub(super) async fn with_folds(client: &Client) -> Result<Vec<(i64, Declaration)>, StepError> {
        let rows = bounded(client.query(OF_FOLDS, &[&first_kind(), &MORE_VALUES])).await?;
        let folds = rows.iter().map(|row| row.get(5));
        Ok(folds.zip(all(client, &rows).await?).collect())
    }
}

fn first_kind() -> i64 {
    let place = place_from_row(0);
    let kind = place.and_then(|place| LabelKind::Dimension(Dimension::Property(place)).code());
    kind.map_or(0, i64::from)
}

async fn all(client: &Client, rows: &[Row]) -> Result<Vec<Declaration>, StepError> {
    let mut declarations = Vec::with_capacity(rows.len());
    for row in rows {
        let (tenant, place, property): (i64, i64, &str) = (row.get(0), row.get(1), row.get(2));
        let has_more: bool = row.get(4);
        let told_apart =
            if has_more { told_apart(client, tenant, first_kind() + place).await? } else { None };
        declarations.push(Declaration {
            tenant: u32::try_from(tenant).map_err(|_| Fault::Overflow)?,
            key: property_hash(property),
            number: u64::try_from(row.get::<_, i64>(3)).map_err(|_| Fault::Overflow)?,
            told_apart,
        });
    }
    Ok(declarations)
}

/// The values that are told apart, where there cannot be more: then nothing that has no label ever gets one. Before that a
/// fold keeps every value.
async fn told_apart(client: &Client, tenant: i64, kind: i64) -> Result<Option<Vec<u64>>, StepError> {
    let rows = bounded(client.query(VALUES, &[&tenant, &kind])).await?;
    let values = rows.iter().map(|row| row.get::<_, &str>(0)).filter(|value| *value != MORE_VALUES);
    let values: Vec<u64> = values.map(property_hash).collect();
    Ok(Some(values).filter(|values| values.len() >= MAX_PROPERTY_VALUES))
}
