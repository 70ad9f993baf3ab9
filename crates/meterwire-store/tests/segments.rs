//! Segments: when they are made, what takes them away, and that the doctor sees what is wrong with one.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::{DAY_MS, START_MS, append, audit, database, event, events, tenant, whole};
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, Ledger, LogColumn, LogRequest, LogStart, SurveyRequest, TenantId, Usage,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyKind, SurveyState, SurveyedEvent, Surveyor};
use meterwire_core::usage_query::Filter;
use meterwire_store::doctor::Finding;
use meterwire_store::{OpenOptions, SqliteStore};
use std::any::Any;
use std::path::Path;
use std::sync::{Arc, Mutex};

const HOUR_MS: i64 = 3_600_000;

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions { min_segment_events: 1, ..OpenOptions::new(dir) }).unwrap()
}

/// Does all that there is to do at an instant.
async fn upkeep(store: &SqliteStore, now_ms: i64) {
    while store.upkeep(now_ms).await.unwrap() {}
}

/// Start and length of every segment, in milliseconds, with the number of its events.
fn segments(dir: &Path) -> Vec<(i64, i64, i64)> {
    let database = database(dir);
    let mut statement = database
        .prepare("SELECT start_ms, end_ms - start_ms, events FROM segment WHERE part = 1 ORDER BY start_ms")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

fn late(dir: &Path) -> i64 {
    database(dir).query_row("SELECT count(*) FROM segment_late", [], |row| row.get(0)).unwrap()
}

/// Questions that no rollup fits, of few groups and of many; what is remembered of the first time is asked for again.
async fn ask(store: &SqliteStore, tenant: TenantId) -> Vec<AggregateRow> {
    let values = ["0", "1", "3"].map(|number| Some(format!("country-{number}"))).to_vec();
    let mut answers = Vec::new();
    for group_by in [vec![Dimension::Agent, Dimension::Status], vec![Dimension::Operation]] {
        let request = AggregateRequest {
            edges_ms: (0..9).map(|third| START_MS + third * DAY_MS / 3 + 1_234).collect(),
            group_by,
            filters: vec![Filter { dimension: Dimension::Country, values: values.clone() }],
            ..whole()
        };
        let mut twice = Vec::new();
        for _ in 0..2 {
            let mut rows = store.aggregate(tenant, request.clone()).await.unwrap();
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            twice.push(rows);
        }
        assert_eq!(twice[0], twice[1]);
        answers.append(&mut twice[0]);
    }
    assert!(answers.len() > 10, "the questions would not notice much");
    answers
}

async fn log(store: &SqliteStore, tenant: TenantId, column: LogColumn, descending: bool) -> Vec<String> {
    let request = LogRequest {
        range: Range { from_ms: START_MS + 77, to_ms: START_MS + 3 * DAY_MS },
        filters: vec![],
        priced: None,
        column,
        descending,
        start: LogStart::Offset(3),
        limit: 70,
    };
    let page = store.log(tenant, request).await.unwrap();
    page.rows.into_iter().map(|row| row.event.id).collect()
}

#[tokio::test]
async fn what_is_remembered_is_left_out_where_its_segment_has_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    let calls = |rows: &[AggregateRow]| rows.iter().map(|row| row.totals.calls).sum::<i64>();
    let before = calls(&ask(&store, acme).await);
    let passes = |number: &usize| {
        let event = event(*number);
        let country = event.labels.get(Dimension::Country);
        let passes =
            country.is_some_and(|country| ["country-0", "country-1", "country-3"].contains(&country));
        passes && event.time_ms >= START_MS + 1_234
    };
    for (done, number) in (0..600).filter(passes).take(3).enumerate() {
        store.void(acme, "default", &format!("id-{number}"), audit("event.void")).await.unwrap();
        // Each event is in both questions.
        let times = i64::try_from(done + 1).unwrap();
        assert_eq!(calls(&ask(&store, acme).await), before - 2 * times, "without its segment");
        upkeep(&store, START_MS + (5 + times) * DAY_MS).await;
        assert_eq!(segments(dir.path()).len(), 3, "packed again");
        assert_eq!(calls(&ask(&store, acme).await), before - 2 * times);
    }
}

/// The numbers of the events that were met, and how many of them were told this time.
#[derive(Clone, Default)]
struct Met {
    seqs: Vec<i64>,
    told: usize,
}

impl Surveyor for Met {
    fn kind(&mut self, _: SurveyKind) {}

    fn events(&mut self, events: &[SurveyedEvent]) {
        self.seqs.extend(events.iter().map(|event| event.seq));
        self.told += events.len();
    }

    fn name(&self) -> Option<String> {
        Some("met".to_owned())
    }

    fn state(&self) -> Option<SurveyState> {
        Some(SurveyState { taken_in: Arc::new(self.clone()), bytes: 8 * self.seqs.len() })
    }

    fn go_on_from(&mut self, state: &(dyn Any + Send + Sync)) -> bool {
        self.seqs.clone_from(&state.downcast_ref::<Self>().unwrap().seqs);
        true
    }
}

/// Five days from an instant on.
async fn survey_from(store: &SqliteStore, tenant: TenantId, from_ms: i64) -> Met {
    let met = Arc::new(Mutex::new(Met::default()));
    let request = SurveyRequest {
        range: Range { from_ms, to_ms: from_ms + 5 * DAY_MS },
        filters: vec![],
        requests: true,
        sums: vec![],
    };
    store.survey(tenant, request, met.clone()).await.unwrap();
    std::mem::take(&mut *met.lock().unwrap())
}

async fn survey(store: &SqliteStore, tenant: TenantId) -> Met {
    survey_from(store, tenant, START_MS).await
}

#[tokio::test]
async fn a_survey_goes_on_from_where_it_came_to_while_nothing_has_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    let by_day = |day: i64| segments(dir.path()).into_iter().find(|made| made.0 == START_MS + day * DAY_MS);
    let count = |day| usize::try_from(by_day(day).unwrap().2).unwrap();
    let first = survey(&store, acme).await;
    assert_eq!(first.told, first.seqs.len());
    assert!(first.told > 500, "{}", first.told);
    let again = survey(&store, acme).await;
    assert_eq!(
        (again.told, &again.seqs),
        (count(2), &first.seqs),
        "the last segment alone is gone over again"
    );
    // A late event of the second day: what came before it stays, the rest is gone over.
    append(&store, acme, vec![at(9_000, START_MS + DAY_MS + 5)]).await;
    let with_late = survey(&store, acme).await;
    assert_eq!(with_late.seqs.len(), first.seqs.len() + 1);
    assert_eq!(with_late.told, count(1) + 1 + count(2), "what is older than a day was remembered by itself");
    let again = survey(&store, acme).await;
    assert_eq!((again.told, &again.seqs), (count(2), &with_late.seqs), "late events are remembered too");
    // A voided event takes its segment away, and the state of whoever went over it.
    store.void(acme, "default", "id-0", audit("event.void")).await.unwrap();
    let without = survey(&store, acme).await;
    assert_eq!(without.seqs[..], with_late.seqs[1..], "the first event is gone");
    upkeep(&store, START_MS + 7 * DAY_MS).await;
    assert_eq!(survey(&store, acme).await.seqs, without.seqs, "packed again");
    let again = survey(&store, acme).await;
    assert_eq!((again.told, &again.seqs), (count(2), &without.seqs));
}

#[tokio::test]
async fn a_survey_may_begin_within_a_segment_or_before_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    for from_ms in [START_MS + 5 * HOUR_MS, START_MS - DAY_MS - HOUR_MS] {
        let first = survey_from(&store, acme, from_ms).await;
        let again = survey_from(&store, acme, from_ms).await;
        assert!(again.told < first.told && again.seqs == first.seqs, "{} of {}", again.told, first.told);
    }
    // An event before all segments: nothing that was remembered of the time before it is so any more.
    let from_ms = START_MS - DAY_MS - HOUR_MS;
    let before = survey_from(&store, acme, from_ms).await.seqs.len();
    append(&store, acme, vec![at(9_000, START_MS - HOUR_MS)]).await;
    let with_it = survey_from(&store, acme, from_ms).await;
    assert_eq!((with_it.seqs.len(), with_it.told), (before + 1, before + 1));
    assert_eq!(with_it.seqs[0], 601, "the first in the order of time came last");
}

/// Answers of every kind, to be compared.
async fn answers(store: &SqliteStore, tenant: TenantId) -> (Vec<AggregateRow>, Vec<Vec<String>>) {
    let mut pages = Vec::new();
    for descending in [true, false] {
        for column in [
            LogColumn::Dimension(Dimension::Model),
            LogColumn::Dimension(Dimension::Status),
            LogColumn::Cost,
            LogColumn::Latency,
            LogColumn::TotalTokens,
        ] {
            pages.push(log(store, tenant, column, descending).await);
        }
    }
    (ask(store, tenant).await, pages)
}

fn at(number: usize, time_ms: i64) -> Event {
    Event { time_ms, ..event(number) }
}

#[tokio::test]
async fn pieces_become_days_and_answers_stay() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 2_000)).await;
    let before = answers(&store, acme).await;
    assert_eq!(segments(dir.path()), []);

    // Noon of the second day: one whole day, and what there is of the second one, which grows.
    for (now_ms, length_ms) in [(12 * HOUR_MS, 12 * HOUR_MS - 3_000), (13 * HOUR_MS, 13 * HOUR_MS - 3_000)] {
        upkeep(&store, START_MS + DAY_MS + now_ms).await;
        let made = segments(dir.path());
        assert_eq!(made.iter().map(|(_, length, _)| *length).collect::<Vec<_>>(), [DAY_MS, length_ms]);
        assert_eq!(answers(&store, acme).await, before);
    }

    upkeep(&store, START_MS + 5 * DAY_MS).await;
    let made = segments(dir.path());
    assert_eq!(made.iter().map(|(_, length, _)| *length).collect::<Vec<_>>(), [DAY_MS; 3]);
    assert_eq!(made.iter().map(|(_, _, events)| *events).sum::<i64>(), 2_000);
    assert_eq!(answers(&store, acme).await, before);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    store.close().await.unwrap();
}

#[tokio::test]
async fn late_events_are_listed_and_packed_again_when_they_are_many() {
    let dir = tempfile::tempdir().unwrap();
    let (store, naive_dir) = (open(dir.path()), tempfile::tempdir().unwrap());
    let naive = SqliteStore::open(OpenOptions::new(naive_dir.path())).unwrap();
    let (acme, other) = (tenant(&store).await, tenant(&naive).await);
    append(&store, acme, events(0, 600)).await;
    append(&naive, other, events(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    for (first, count) in [(600, 40), (640, 300)] {
        append(&store, acme, events(first, count)).await;
        append(&naive, other, events(first, count)).await;
        assert_eq!(late(dir.path()), i64::try_from(first + count - 600).unwrap());
        assert_eq!(answers(&store, acme).await, answers(&naive, other).await);
        assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    }
    upkeep(&store, START_MS + 6 * DAY_MS).await;
    assert_eq!(late(dir.path()), 0);
    assert_eq!(answers(&store, acme).await, answers(&naive, other).await);
}

#[tokio::test]
async fn a_large_day_is_packed_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    // More than one segment may hold, a third of them within one millisecond.
    let day = |number: usize| {
        START_MS + if number.is_multiple_of(3) { 7_000_000 } else { i64::try_from(number).unwrap() * 900 }
    };
    for first in (0..90_000).step_by(10_000) {
        append(&store, acme, (first..first + 10_000).map(|number| at(number, day(number))).collect()).await;
    }
    let before = answers(&store, acme).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    let made = segments(dir.path());
    assert!(made.len() > 1 && made.iter().all(|(_, _, events)| *events <= 65_536), "{made:?}");
    assert!(made.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0));
    assert_eq!(made.iter().map(|(_, _, events)| *events).sum::<i64>(), 90_000);
    assert_eq!(answers(&store, acme).await, before);
    // Late ones are listed, and packed again when there are many.
    append(&store, acme, (90_000..93_000).map(|number| at(number, START_MS + 5)).collect()).await;
    assert_eq!(late(dir.path()), 3_000);
    let before = answers(&store, acme).await;
    upkeep(&store, START_MS + 6 * DAY_MS).await;
    assert_eq!(late(dir.path()), 0);
    assert_eq!(answers(&store, acme).await, before);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_voided_event_takes_its_segment_away() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    append(&store, acme, vec![at(9_000, START_MS + 5)]).await;
    store.void(acme, "default", "id-0", audit("event.void")).await.unwrap();
    assert_eq!(segments(dir.path()).len(), 2);
    assert_eq!(late(dir.path()), 0);
    let without = answers(&store, acme).await;
    upkeep(&store, START_MS + 6 * DAY_MS).await;
    assert_eq!(segments(dir.path()).len(), 3);
    assert_eq!(answers(&store, acme).await, without);
    // A late event that is voided is in no answer either.
    append(&store, acme, vec![at(9_001, START_MS + 6)]).await;
    store.void(acme, "default", "id-9001", audit("event.void")).await.unwrap();
    assert_eq!(answers(&store, acme).await, without);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_damaged_segment_is_found_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 600)).await;
    let right = answers(&store, acme).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    store.close().await.unwrap();
    // The cost of one event is changed; and a list names an event that is in the segment already.
    let changed = "UPDATE segment SET data = CAST(substr(data, 1, length(data) - 1) || x'77' AS BLOB) \
                   WHERE part = 43 AND start_ms = (SELECT min(start_ms) FROM segment)";
    assert_eq!(database(dir.path()).execute(changed, []).unwrap(), 1);
    let twice = "INSERT INTO segment_late SELECT tenant_id, max(start_ms), \
                 (SELECT max(seq) FROM event WHERE time_ms >= max(start_ms)) FROM segment";
    assert_eq!(database(dir.path()).execute(twice, []).unwrap(), 1);

    let store = open(dir.path());
    let report = store.doctor(true, |_| ()).await.unwrap();
    let found = report.findings.iter().filter(|finding| matches!(finding, Finding::Segment { .. }));
    assert_eq!((found.count(), report.found, report.repaired), (2, 2, 2), "{:?}", report.findings);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    assert_eq!(answers(&store, acme).await, right);
}

#[tokio::test]
async fn a_day_without_many_events_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
    let acme = tenant(&store).await;
    append(&store, acme, (0..63).map(|number| at(number, START_MS + 5)).collect()).await;
    append(&store, acme, (63..127).map(|number| at(number, START_MS + DAY_MS + 5)).collect()).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    assert_eq!(segments(dir.path()).iter().map(|segment| segment.2).collect::<Vec<_>>(), [64]);
}

#[tokio::test]
async fn a_text_with_many_values_is_paged_through_in_its_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    // More values than one look takes, some events without one, some late.
    let user = |number: usize| (!number.is_multiple_of(9)).then(|| format!("user-{:03}", number * 37 % 151));
    let of_user = |number: usize| {
        let mut event = event(number);
        event.labels.set(Dimension::User, user(number));
        event
    };
    append(&store, acme, (0..380).map(of_user).collect()).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    append(&store, acme, (380..400).map(of_user).collect()).await;
    assert!(segments(dir.path()).len() == 3 && late(dir.path()) == 20);
    for descending in [false, true] {
        let mut wanted: Vec<(Option<String>, usize)> =
            (0..400).map(|number| (user(number), number)).collect();
        wanted.sort();
        if descending {
            wanted.reverse();
        }
        let (mut found, mut start) = (Vec::new(), LogStart::Offset(0));
        loop {
            let request = LogRequest {
                range: Range { from_ms: START_MS, to_ms: START_MS + 3 * DAY_MS },
                filters: vec![],
                priced: None,
                column: LogColumn::Dimension(Dimension::User),
                descending,
                start,
                limit: 150,
            };
            let page = store.log(acme, request).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.event.id));
            match page.next {
                Some(cursor) => start = LogStart::After(cursor),
                None => break,
            }
        }
        let wanted: Vec<String> = wanted.into_iter().map(|(_, number)| format!("id-{number}")).collect();
        assert_eq!(found, wanted, "descending: {descending}");
    }
}
