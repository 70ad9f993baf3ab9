use super::*;
use crate::cluster::outbox::property_hash;
use crate::cluster::usage::moment::DeclaredProperty;
use meterwire_app::ports::{LogColumn, TenantId};
use meterwire_core::dimension::Place;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

const TEAM: Dimension = Dimension::Property(Place::ALL[1]);

fn moment(cancels: i64) -> Moment {
    let snapshot = Snapshot {
        tenant: TenantId(7),
        applied: 12,
        dead: vec![3, 9],
        folded: 0,
        unfolded_ms: None,
        folds: vec![],
        labels_version: 1,
        cancels,
        dimensions: 1,
        events_from_ms: None,
        event_drop: None,
        tail: vec![],
    };
    let values = Arc::new(HashMap::from([(5, Arc::from("red"))]));
    let declared = DeclaredProperty {
        place: Place::ALL[1],
        number: 31,
        key: property_hash("team"),
        values,
        has_more: true,
        known_from_ms: None,
        fold: Some(2),
    };
    Moment { snapshot, declared: vec![declared], filling: Vec::new() }
}

/// Every question about a scope, each on a line of its own.
fn all(moment: &Moment, filters: &[NumberFilter]) -> String {
    let schema = Schema::new("usage").unwrap().on_cluster("meterwire").unwrap();
    let range = Range { from_ms: 1_000, to_ms: 9_000 };
    let source = Source::Events;
    let scope =
        Scope { schema: &schema, moment, source, range, filters, priced: Some(true), upto_seq: Some(90) };
    let two = Grouping { edges_ms: &[1_000, 2_000, 3_000, 9_000], dimensions: &[Dimension::Model, TEAM] };
    let one = Grouping { edges_ms: &[1_000, 9_000], dimensions: &[Dimension::Status] };
    let none = Grouping { edges_ms: &[1_000, 9_000], dimensions: &[] };
    let pairs = [vec![4, 5], vec![4, 0]];
    let cancels = Cancels::from_iter([(5, 0)]);
    let texts = [
        sums(&scope, two, Chosen::All, &[0, 1, 2, 3, 13], 10),
        sums(&scope, none, Chosen::All, &[0], 10),
        sums(&scope, two, Chosen::These(&pairs[..1]), &[0], 10),
        sums(&scope, two, Chosen::Others(&pairs), &[0], 10),
        sums(&scope, one, Chosen::Others(&[vec![200], vec![0]]), &[0], 10),
        sums(&scope, one, Chosen::These(&[]), &[0], 10),
        sketches(&scope, two, Chosen::All, Sketch::Latency, 10),
        sketches(&scope, none, Chosen::All, Sketch::FirstToken, 10),
        ranks(&scope, &[Dimension::Model, TEAM], Metric::Tokens, 10),
        users(&[scope], two, 10),
        users(&[scope], none, 10),
        calls_of_users(&scope, one, &[4, 6], 10),
        log(&scope, &cancels, &sort_value(LogColumn::Cost), true, Start::After(-1, 8), 10),
        log(&scope, &Cancels::default(), &sort_value(LogColumn::TotalTokens), false, Start::Offset(3), 10),
        log(
            &scope,
            &Cancels::default(),
            &rank_value(&scope, Dimension::Model, &[9, 4]),
            false,
            Start::Offset(0),
            10,
        ),
        events(&scope, &[(1_500, 3)]),
        names(&scope, &[(1_500, 3), (1_600, 4)]),
        find_seqs(&scope, &cancels, &[3, 4]),
        counts(&scope, TEAM, 10),
        spans(&scope, 600_000),
        survey(&scope, &cancels, false),
        survey(&scope, &cancels, true),
    ];
    texts.join("\n")
}

#[test]
fn questions() {
    let filters = [
        NumberFilter::these(Dimension::Provider, [7, 2]),
        NumberFilter { pass: false, ..NumberFilter::these(TEAM, [0, 5]) },
    ];
    insta::assert_snapshot!("questions", all(&moment(4), &filters));
}

#[test]
fn questions_to_rollups() {
    let mut moment = moment(4);
    (moment.snapshot.folded, moment.snapshot.folds) = (10, vec![2, 5]);
    moment.snapshot.unfolded_ms = Some((3_000_000, 14_000_000));
    let schema = Schema::new("usage").unwrap();
    let edges = [0, 3_600_000, 7_200_001, 14_400_000];
    let range = Range { from_ms: edges[0], to_ms: edges[3] };
    let mut texts = Vec::new();
    for dimension in [Dimension::Provider, Dimension::Status, TEAM] {
        let by = Grouping { edges_ms: &edges, dimensions: &[dimension] };
        let folded = Folded::of(&edges, by.dimensions, false).unwrap();
        let filters = [NumberFilter::these(dimension, [4, 5])];
        for source in [Source::Rollup(&folded), Source::Unfolded(&folded)] {
            let scope = Scope {
                schema: &schema,
                moment: &moment,
                source,
                range,
                filters: &filters,
                priced: None,
                upto_seq: None,
            };
            texts.push(sums(&scope, by, Chosen::These(&[vec![5]]), &[0, 1, 2, 13], 10));
            texts.push(sketches(&scope, by, Chosen::All, Sketch::Latency, 10));
            texts.push(ranks(&scope, by.dimensions, Metric::OutputTokens, 10));
        }
    }
    let days = [0, 86_400_000, 172_800_000];
    let by = Grouping { edges_ms: &days, dimensions: &[] };
    let folded = Folded::of(&days, &[Dimension::User], false).unwrap();
    let range = Range { from_ms: days[0], to_ms: days[2] };
    let scopes = [Source::Rollup(&folded), Source::Unfolded(&folded)].map(|source| Scope {
        schema: &schema,
        moment: &moment,
        source,
        range,
        filters: &[],
        priced: None,
        upto_seq: None,
    });
    texts.push(users(&scopes, by, 10));
    texts.extend(scopes.iter().map(|scope| calls_of_users(scope, by, &[8], 10)));
    insta::assert_snapshot!("questions_to_rollups", texts.join("\n"));
}

#[test]
fn where_nothing_was_ever_taken_back_nobody_looks_for_it() {
    let (with, without) = (all(&moment(1), &[]), all(&moment(0), &[]));
    assert!(with.contains("SELECT seq, version") && !without.contains("SELECT seq, version"));
}

#[test]
fn what_is_being_dropped_is_left_out_of_events() {
    let mut moment = moment(0);
    moment.snapshot.event_drop = Some(EventDrop {
        before_ms: Some(5_000),
        upto_seq: Some(50),
        received_before_ms: Some(6_000),
        at_time_ms: Some(4_000),
        at_seq: Some(7),
    });
    let dropped =
        " AND NOT ((time_ms < 4000 OR (time_ms = 4000 AND seq <= 7)) AND seq <= 50 AND received_ms < 6000)";
    for line in all(&moment, &[]).lines() {
        assert!(line.contains(dropped), "{line}");
    }
}

#[test]
fn buckets_of_one_width_are_a_division() {
    assert_eq!(bucket("time_ms", &[0, 10]), "toUInt32(0)");
    assert_eq!(bucket("time_ms", &[5, 15, 25]), "toUInt32(0 + intDiv(time_ms - 5, 10))");
    assert_eq!(
        bucket("time_ms", &[0, 10, 20, 21, 31, 41]),
        "multiIf(time_ms < 20, toUInt32(0 + intDiv(time_ms - 0, 10)), time_ms < 21, toUInt32(2), \
         toUInt32(3 + intDiv(time_ms - 21, 10)))"
    );
}

proptest! {
    /// Whatever a question names, its text has no character that could end what it stands in.
    #[test]
    fn texts_have_names_and_numbers_alone(values in prop::collection::vec(any::<u64>(), 0..20)) {
        let filters = [NumberFilter::these(TEAM, values.iter().copied()), NumberFilter::these(Dimension::Model, values)];
        let text = all(&moment(1), &filters);
        let text = text.replace("''", "");
        prop_assert!(!text.contains(['\'', '"', '`', ';', '\\']), "{}", text);
    }
}
