//! Different users by group: a bit for each number that was met, so that looking at a user again costs next to nothing.

use super::groups::MAX_DIRECT;
use hashbrown::HashSet;

/// So many words of 64 bits are kept at most, 16 MiB; users beyond them are kept one by one.
const MAX_WORDS: usize = 1 << 21;

/// The users of each place.
#[derive(Default)]
pub(super) struct Users {
    /// By place a bit for each user's number.
    bits: Vec<Vec<u64>>,
    words: usize,
    /// No list grows any more: a user is either a bit or one of the others, whenever it is met.
    full: bool,
    others: HashSet<(u32, i64)>,
    /// By place how many, those without a name not counted.
    counts: Vec<i64>,
}

impl Users {
    /// Notes a user of a place; answers how many are kept one by one, of all places.
    pub(super) fn add(&mut self, place: u32, user: i64) -> usize {
        let is_new = match usize::try_from(user) {
            Ok(number) if number < MAX_DIRECT && self.has_room(place as usize, number / 64) => {
                let word = &mut self.bits[place as usize][number / 64];
                let bit = 1 << (number % 64);
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            }
            _ => self.others.insert((place, user)),
        };
        if is_new {
            if self.counts.len() <= place as usize {
                self.counts.resize(place as usize + 1, 0);
            }
            self.counts[place as usize] += i64::from(user != 0);
        }
        self.others.len()
    }

    /// Whether a place has a word, or may have it.
    fn has_room(&mut self, place: usize, word: usize) -> bool {
        let length = self.bits.get(place).map_or(0, Vec::len);
        if word < length {
            return true;
        }
        // Room to spare, so that ascending numbers do not make it grow each time.
        let grown = (word + 1).next_power_of_two();
        self.full |= self.words + grown - length > MAX_WORDS;
        if self.full {
            return false;
        }
        if self.bits.len() <= place {
            self.bits.resize_with(place + 1, Vec::new);
        }
        self.words += grown - length;
        self.bits[place].resize(grown, 0);
        true
    }

    /// How many users with a name a place has.
    pub(super) fn count(&self, place: usize) -> i64 {
        self.counts.get(place).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn beyond_the_room_users_are_still_told_apart() {
        let mut users = Users::default();
        for round in 0..2 {
            for place in 0..300 {
                users.add(place, 1);
                users.add(place, 1_000_000);
                users.add(place, 70);
            }
            let counted: i64 = (0..300).map(|place| users.count(place)).sum();
            assert_eq!((counted, users.full), (900, true), "round {round}");
        }
        assert!(users.words <= MAX_WORDS && !users.others.is_empty());
        assert!((0..300).all(|place| users.count(place) == 3));
    }

    proptest! {
        #[test]
        fn each_user_counts_once_a_place(
            met in proptest::collection::vec((0..4_u32, prop_oneof![0..90_i64, any::<i64>()]), 0..200),
        ) {
            let mut users = Users::default();
            for (place, user) in &met {
                users.add(*place, *user);
            }
            let different: HashSet<_> = met.iter().copied().collect();
            for place in 0..4 {
                let wanted = different.iter().filter(|(of, user)| *of == place && *user != 0).count();
                prop_assert_eq!(users.count(place as usize), i64::try_from(wanted).unwrap());
            }
        }
    }
}
