use super::*;
use meterwire_app::conformance::make::any_events;
use meterwire_core::money::CostNanos;
use proptest::prelude::*;

fn recorded(seq: i64) -> Recorded {
    let mut labels = [0; Dimension::TEXTS.len()];
    for (place, label) in labels.iter_mut().enumerate() {
        *label = place as i64 * 3;
    }
    Recorded { tenant: TenantId(7), seq, source: 4, labels, price: 5 }
}

/// A row of any event.
pub(crate) fn any_row() -> impl Strategy<Value = EventRow> {
    let properties = prop::collection::btree_map("[a-c]{1,2}", prop_oneof![any::<u8>(), 5..6_u8], 0..4);
    (any_events(1), 1..9_000_i64, properties).prop_map(|(mut events, seq, properties)| {
        let properties = properties.into_iter().map(|(key, value)| (key, Value::from(value)));
        events[0].properties.extend(properties);
        EventRow::of_event(&events[0], &recorded(seq)).unwrap()
    })
}

fn any_rows() -> impl Strategy<Value = Vec<EventRow>> {
    prop::collection::vec(any_row(), 0..12)
}

#[test]
fn what_does_not_fit_is_refused() {
    let event = meterwire_app::conformance::make::event("a");
    let of = |change: fn(&mut Recorded)| {
        let mut recorded = recorded(1);
        change(&mut recorded);
        EventRow::of_event(&event, &recorded)
    };
    assert!(of(|_| {}).is_ok());
    assert!(of(|recorded| recorded.tenant = TenantId(1 << 32)).is_err());
    assert!(of(|recorded| recorded.labels[3] = 1 << 32).is_err());
    assert!(of(|recorded| recorded.price = -1).is_err());
}

#[test]
fn hashes_never_change() {
    assert_eq!(property_hash("team"), 0x2da2_83db_d022_8bca);
    assert_ne!(property_hash("team"), property_hash("Team"));
}

#[test]
fn an_event_is_rated_anew_255_times() {
    let mut row = EventRow::of_event(&meterwire_app::conformance::make::event("a"), &recorded(1)).unwrap();
    for version in 1..=255 {
        let [cancelled, anew] = row.rated_anew(&Rating::Given(CostNanos(9)), 0).unwrap();
        assert_eq!((cancelled.version, cancelled.sign), (version - 1, -1));
        assert_eq!((cancelled.cost_nanos, anew.cost_nanos), (row.cost_nanos, 9));
        row = anew;
    }
    assert!(row.rated_anew(&Rating::Free, 0).is_err());
}

proptest! {
    #[test]
    fn bodies_round_trip_and_a_cut_one_is_an_error(rows in any_rows(), cut in any::<prop::sample::Index>()) {
        let body = to_body(&rows).unwrap();
        prop_assert_eq!(&from_body(&body).unwrap(), &rows);
        for (encoded, row) in encoded_rows(&body).zip(&rows) {
            let encoded = encoded.unwrap();
            prop_assert_eq!((encoded.seq, encoded.time_ms), (row.seq, row.time_ms));
        }
        if !body.is_empty() {
            let cut = cut.index(body.len());
            // Cut between two rows it is the body of fewer.
            prop_assert!(from_body(&body[..cut]).map_or(true, |left| left.len() < rows.len()));
        }
    }

    #[test]
    fn damaged_bodies_never_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = from_body(&body);
        let _ = inserts(1, 2, &[&body]);
    }

    #[test]
    fn a_row_beyond_its_fields_is_an_error(row in any_row()) {
        let mut body = to_body(&[row]).unwrap();
        body.push(0);
        let length = u32::try_from(body.len() - LENGTH_BYTES).unwrap();
        body[..LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
        prop_assert!(from_body(&body).is_err());
    }

    #[test]
    fn inserts_hold_each_row_once_at_its_shard(rows in any_rows(), shards in 1..4_usize, split in 1..5_usize) {
        let bodies: Vec<_> = rows.chunks(split).map(|rows| to_body(rows).unwrap()).collect();
        let mut found = Vec::new();
        for insert in inserts(77, shards, &bodies).unwrap() {
            let (mut reader, mut count) = (Reader::new(&insert.body), 0);
            while !reader.is_empty() {
                prop_assert_eq!(reader.cell::<u32>().unwrap(), 77);
                let row = EventRow::read(&mut reader).unwrap();
                prop_assert_eq!(row.seq % shards as i64, insert.shard as i64);
                found.push(row);
                count += 1;
            }
            prop_assert_eq!(count, insert.rows);
        }
        let key = |row: &EventRow| (row.seq, row.time_ms, row.id.clone(), row.tokens.0, row.labels.0);
        let mut rows = rows;
        rows.sort_by_key(key);
        found.sort_by_key(key);
        prop_assert_eq!(found.len(), rows.len());
        prop_assert_eq!(found.iter().map(key).collect::<Vec<_>>(), rows.iter().map(key).collect::<Vec<_>>());
    }

    #[test]
    fn sums_are_those_of_the_event(events in any_events(1)) {
        let row = EventRow::of_event(&events[0], &recorded(1)).unwrap();
        let facts = Facts::of_event(&events[0], [0; crate::label::LABELS], Places::NONE).unwrap();
        prop_assert_eq!(row.sums(), facts.sums);
        let of_row = row.facts(Places::NONE);
        prop_assert_eq!((of_row.time_ms, of_row.status, of_row.latency_ms), (facts.time_ms, facts.status, facts.latency_ms));
        prop_assert_eq!(of_row.time_to_first_token_ms, facts.time_to_first_token_ms);
    }

    #[test]
    fn scalar_properties_are_found_by_their_hashes(events in any_events(1), number in any::<i32>()) {
        let mut event = events[0].clone();
        event.properties.insert("number".to_owned(), number.into());
        event.properties.insert("list".to_owned(), vec![1].into());
        let row = EventRow::of_event(&event, &recorded(1)).unwrap();
        prop_assert_eq!(row.property(property_hash("number")), property_hash(&number.to_string()));
        prop_assert_eq!(row.property(property_hash("list")), 0);
        prop_assert_eq!(row.property(property_hash("absent")), 0);
    }
}
