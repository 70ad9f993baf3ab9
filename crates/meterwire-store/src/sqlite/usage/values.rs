//! The values of a text column in the order of their texts, for pages of the log that are sorted by it.

use super::ranked::Ranked;
use crate::error::Work;
use crate::label::LabelKind;
use hashbrown::HashMap;
use meterwire_app::ports::{CursorValue, LogCursor, LogStart};
use meterwire_core::dimension::Dimension;
use rusqlite::params;

/// The values of a text column in the page's order, some at a time.
pub(super) struct Values {
    dimension: Dimension,
    /// Every value met so far, by rank; `None` is the absent one.
    texts: Vec<(i64, Option<String>)>,
    /// The ranks of the numbers that are now looked for.
    ranks: HashMap<i64, i64>,
    of_texts: HashMap<String, i64>,
    /// The first rank that is now looked for.
    first: usize,
    /// Nothing was looked for yet.
    fresh: bool,
    /// The number of the row that the page begins behind, within the first value.
    pub(super) after: Option<i64>,
    absent_is_left: bool,
    ended: bool,
}

impl Values {
    pub(super) fn new(search: &Ranked<'_>, dimension: Dimension) -> Work<Self> {
        let mut values = Self {
            dimension,
            texts: Vec::new(),
            ranks: HashMap::new(),
            of_texts: HashMap::new(),
            first: 0,
            fresh: true,
            after: None,
            absent_is_left: true,
            ended: false,
        };
        let descending = search.request.descending;
        match &search.request.start {
            LogStart::After(LogCursor { value: CursorValue::Text(text), seq }) => {
                values.after = Some(*seq);
                values.absent_is_left = descending;
                values.add(number_of(search, dimension, text)?, Some(text.clone()));
            }
            LogStart::After(LogCursor { seq, .. }) => {
                values.after = Some(*seq);
                values.absent_is_left = false;
                values.ended = descending;
                values.add(0, None);
            }
            LogStart::Offset(_) if !descending => {
                values.absent_is_left = false;
                values.add(0, None);
            }
            LogStart::Offset(_) => {}
        }
        Ok(values)
    }

    fn add(&mut self, number: i64, text: Option<String>) {
        let rank = self.texts.len() as i64;
        self.of_texts.insert(text.clone().unwrap_or_default(), rank);
        self.texts.push((number, text));
    }

    /// Goes on to further values; `false` where all have been looked for.
    pub(super) fn next(&mut self, search: &Ranked<'_>, wanted: usize) -> Work<bool> {
        self.first = self.texts.len();
        if self.fresh {
            (self.fresh, self.first) = (false, 0);
        }
        if !self.ended {
            self.read_more(search, wanted)?;
        }
        let looked_for = self.texts.iter().enumerate().skip(self.first);
        self.ranks = looked_for.map(|(rank, (number, _))| (*number, rank as i64)).collect();
        Ok(self.texts.len() > self.first)
    }

    fn read_more(&mut self, search: &Ranked<'_>, wanted: usize) -> Work<()> {
        let descending = search.request.descending;
        let (compare, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
        let last = self.texts.last().map(|(_, text)| text.clone().unwrap_or_default());
        let bound = if last.is_some() { format!("value {compare} ?3") } else { "?3 ISNULL".to_owned() };
        let sql = format!(
            "SELECT id, value FROM label WHERE tenant_id = ?1 AND kind = ?2 AND {bound} ORDER BY value {direction} LIMIT ?4"
        );
        let kind = LabelKind::Dimension(self.dimension).code();
        let mut statement = search.connection.prepare_cached(&sql)?;
        let limit = i64::try_from(wanted).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![search.tenant.0, kind, last, limit])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            self.add(row.get(0)?, Some(row.get(1)?));
            count += 1;
        }
        if count < wanted {
            self.ended = true;
            if std::mem::take(&mut self.absent_is_left) {
                self.add(0, None);
            }
        }
        Ok(())
    }

    /// The rank of a number that is now looked for.
    pub(super) fn rank(&self, number: i64) -> Option<i64> {
        self.ranks.get(&number).copied()
    }

    /// The rank of a text that is now looked for.
    pub(super) fn rank_of_text(&self, text: &str) -> Option<i64> {
        self.of_texts.get(text).copied().filter(|rank| *rank >= self.first as i64)
    }

    pub(super) fn text(&self, rank: i64) -> Option<&str> {
        usize::try_from(rank).ok().and_then(|rank| self.texts.get(rank)).and_then(|(_, text)| text.as_deref())
    }
}

/// The number of a text; one that stands for nothing where it is not known.
fn number_of(search: &Ranked<'_>, dimension: Dimension, text: &str) -> Work<i64> {
    let found = super::number_of(search.connection, search.tenant, dimension, Some(text))?;
    Ok(found.unwrap_or(-1))
}
