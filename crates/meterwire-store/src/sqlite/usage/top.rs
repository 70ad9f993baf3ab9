//! Which groups of an answer are told apart: the largest ones, found by number, so that the texts of the many others are
//! not looked up.

use super::LabelTexts;
use super::groups::{Groups, Key, key_values};
use crate::error::Work;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{MAX_GROUP_BY, Top};
use meterwire_core::dimension::Dimension;
use rusqlite::Connection;
use std::cmp::Reverse;

pub(super) type Numbers = [i64; MAX_GROUP_BY];

/// The numbers of the groups that are told apart; `None` where all are.
pub(super) fn choose(
    connection: &Connection,
    texts: &LabelTexts,
    dimensions: &[Dimension],
    groups: &Groups,
    top: Top,
) -> Work<Option<HashSet<Numbers>>> {
    if groups.keys.len() <= top.count {
        return Ok(None);
    }
    let first = groups.keys[0].bucket;
    if groups.keys.iter().all(|key| key.bucket == first) {
        // Each key is a group of its own.
        let rank = |(place, key): (usize, &Key)| {
            (Reverse(top.metric.rank(&groups.sums_at(place).to_totals())), key.numbers)
        };
        let ranked = groups.keys.iter().enumerate().map(rank).collect();
        return largest(connection, texts, dimensions, ranked, top.count).map(Some);
    }
    let mut ranks: HashMap<Numbers, i64> = HashMap::new();
    for (place, key) in groups.keys.iter().enumerate() {
        let rank = ranks.entry(key.numbers).or_default();
        *rank = rank.saturating_add(top.metric.rank(&groups.sums_at(place).to_totals()));
    }
    if ranks.len() <= top.count {
        return Ok(None);
    }
    let ranked = ranks.into_iter().map(|(numbers, rank)| (Reverse(rank), numbers)).collect();
    largest(connection, texts, dimensions, ranked, top.count).map(Some)
}

/// The first groups by rank, of more than that.
fn largest(
    connection: &Connection,
    texts: &LabelTexts,
    dimensions: &[Dimension],
    mut ranked: Vec<(Reverse<i64>, Numbers)>,
    count: usize,
) -> Work<HashSet<Numbers>> {
    let (_, (last, _), _) = ranked.select_nth_unstable_by_key(count.saturating_sub(1), |(rank, _)| *rank);
    let last = *last;
    let mut chosen: HashSet<Numbers> =
        ranked.iter().filter(|(rank, _)| *rank < last).map(|(_, numbers)| *numbers).collect();
    // Of those with the rank of the last one, the first ones by text.
    let mut tied = Vec::new();
    for (_, numbers) in ranked.into_iter().filter(|(rank, _)| *rank == last) {
        let key = Key { bucket: 0, numbers };
        tied.push((key_values(connection, texts, dimensions, &key)?, numbers));
    }
    tied.sort_unstable();
    let wanted = count.saturating_sub(chosen.len());
    chosen.extend(tied.into_iter().take(wanted).map(|(_, numbers)| numbers));
    Ok(chosen)
}
