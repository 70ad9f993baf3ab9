//! What jobs read, step by step: the values of a property, and events to be rated anew.

use super::*;
use crate::cluster::outbox::property_hash;
use crate::cluster::usage::Stretch;
use meterwire_app::ports::RerateLook;
use meterwire_core::property::property_value;
use meterwire_core::rerate::RerateScope;

#[test]
fn first_values_equal_the_model_on_two_shards_of_the_old_engine() {
    first_values_equal_the_model(&OLD());
}

#[test]
fn first_values_equal_the_model_on_the_present_engine() {
    first_values_equal_the_model(&PRESENT());
}

fn first_values_equal_the_model(world: &World) {
    let input = (any_input(60), 0..30_i64, 0..60_i64);
    world.check(1, input, async |world, (input, after_seq, length): (Input, i64, i64)| {
        let case = world.case(input.with_property("team")).await;
        let (asking, key) = (case.asking(), property_hash("team"));
        let stretch = Stretch { after_seq, upto_seq: after_seq + length };
        let inside = |seq: i64| stretch.after_seq < seq && seq <= stretch.upto_seq;
        let living = |seq: &i64| inside(*seq) && !case.voided.contains(seq);
        let events: Vec<&(i64, Event)> = case.every.iter().filter(|(seq, _)| living(seq)).collect();
        let mut expected: Vec<(i64, String)> = Vec::new();
        for (seq, event) in &events {
            let value = event.properties.get("team").and_then(property_value);
            if let Some(value) = value.filter(|value| expected.iter().all(|(_, known)| known != value)) {
                expected.push((*seq, value.into_owned()));
            }
        }
        let found = asking.first_values(key, stretch, 100).await.unwrap();
        let texts = asking.texts_of("team", &found).await.unwrap();
        let told: Vec<(i64, String)> = found.iter().map(|value| value.seq).zip(texts).collect();
        assert_eq!(told, expected);
        assert_eq!(asking.count(stretch).await.unwrap(), events.len() as i64);
        let first = asking.first_values(key, stretch, 1).await.unwrap();
        assert_eq!(first.first().map(|value| value.seq), expected.first().map(|(seq, _)| *seq));
    });
}

#[test]
fn rated_events_equal_the_model_on_two_shards_of_the_old_engine() {
    rated_events_equal_the_model(&OLD());
}

#[test]
fn rated_events_equal_the_model_on_the_present_engine() {
    rated_events_equal_the_model(&PRESENT());
}

fn rated_events_equal_the_model(world: &World) {
    let input = (any_input(60), 1..12_usize, any::<bool>());
    world.check(1, input, async |world, (input, limit, only_unpriced): (Input, usize, bool)| {
        let case = world.case(input).await;
        let asking = case.asking();
        let range = Range { from_ms: START_MS + DAY_MS, to_ms: START_MS + 4 * DAY_MS };
        let looked_at = |event: &&Event| {
            (range.from_ms..range.to_ms).contains(&event.time_ms)
                && (!only_unpriced || event.rating == Rating::Unpriced)
        };
        // The sort is stable, so events of one instant stay in the order of recording.
        let mut expected: Vec<&Event> = case.events.iter().filter(looked_at).collect();
        expected.sort_by_key(|event| event.time_ms);
        let all = expected.len();
        expected.retain(|event| !matches!(event.rating, Rating::Given(_)));
        let scope = RerateScope { range, provider: None, model: None, only_unpriced };
        let mut look = RerateLook { scope, last_seq: i64::MAX, after: None, limit };
        let (mut found, mut given) = (Vec::new(), 0);
        loop {
            let piece = asking.rated_events(&look).await.unwrap();
            assert!(piece.events.len() <= limit);
            given += piece.given;
            found.extend(piece.events);
            look.after = piece.next;
            if look.after.is_none() {
                break;
            }
        }
        assert_eq!(given, (all - expected.len()) as i64);
        let told: Vec<_> =
            found.iter().map(|event| (event.place.time_ms, &event.rating, event.tokens)).collect();
        let expected: Vec<_> =
            expected.iter().map(|event| (event.time_ms, &event.rating, event.tokens)).collect();
        assert_eq!(told, expected);
    });
}
