//! Texts of labels by number, remembered by the readers. A number never changes its text, so nothing goes stale; only
//! the text of an erased user does, and that is not remembered.

use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension};
use crate::sqlite::column_cache::ColumnCache;
use meterwire_core::dimension::Dimension;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most texts that are remembered; beyond, all are forgotten.
const MAX_REMEMBERED: usize = 50_000;

/// Remembered texts and columns, shared by all readers.
#[derive(Clone, Default)]
pub(crate) struct LabelTexts(Arc<Mutex<Remembered>>, ColumnCache);

#[derive(Default)]
struct Remembered {
    texts: HashMap<i64, Arc<str>>,
    /// Users that were erased while this process runs.
    erased: HashSet<i64>,
}

impl LabelTexts {
    /// With so many bytes of columns beside them.
    pub(crate) fn new(column_bytes: usize) -> Self {
        Self(Arc::default(), ColumnCache::new(column_bytes))
    }

    /// The packed columns that are remembered beside the texts.
    pub(crate) fn columns(&self) -> &ColumnCache {
        &self.1
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a text for good: whoever reads an older snapshot must not bring it back.
    pub(crate) fn never_remember(&self, number: i64) {
        let mut remembered = self.lock();
        remembered.texts.remove(&number);
        remembered.erased.insert(number);
        drop(remembered);
        // They hold numbers of requests.
        self.1.surveys().clear();
    }

    /// The text of a label; `None` for number 0.
    pub(crate) fn text<'c>(
        &self,
        connection: impl Into<Connection<'c>>,
        number: i64,
    ) -> Work<Option<Arc<str>>> {
        if number == 0 {
            return Ok(None);
        }
        if let Some(text) = self.lock().texts.get(&number) {
            return Ok(Some(text.clone()));
        }
        let found: Option<String> = connection
            .into()
            .prepare_cached(include_str!("../../../sql/label/text.sql"))?
            .query_row([number], |row| row.get(0))
            .optional()?;
        let text: Arc<str> =
            found.ok_or_else(|| Fault::Damaged(format!("there is no label {number}")))?.into();
        let mut remembered = self.lock();
        if remembered.texts.len() >= MAX_REMEMBERED {
            remembered.texts.clear();
        }
        if !remembered.erased.contains(&number) {
            remembered.texts.insert(number, text.clone());
        }
        Ok(Some(text))
    }

    /// A dimension's value by its number: the text of a label, the digits of a status, `None` for 0.
    pub(crate) fn value<'c>(
        &self,
        connection: impl Into<Connection<'c>>,
        dimension: Dimension,
        number: i64,
    ) -> Work<Option<String>> {
        if dimension == Dimension::Status {
            return Ok((number != 0).then(|| number.to_string()));
        }
        Ok(self.text(connection, number)?.map(|text| text.to_string()))
    }
}
