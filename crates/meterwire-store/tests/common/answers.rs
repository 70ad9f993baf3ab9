//! Everything that a store answers about a tenant, as text: two stores that hold the same answer the same.

use meterwire_app::conformance::make::{DAY_MS, NOW_MS, START_MS, any_question};
use meterwire_app::ports::{
    AggregateRequest, Budgets, Catalog, Ledger, Limits, LogColumn, LogRequest, LogStart, Measures,
    PageRequest, Reratings, ScanRequest, Statements, StoreResult, TenantId, Top, Usage,
};
use meterwire_core::budget::{Scope, ScopeField};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Metric;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// What is asked and what was answered.
pub(crate) type Answers = Vec<(String, String)>;

/// The rules play in the days behind this.
const EVERYTHING: Range = Range { from_ms: START_MS - 40 * DAY_MS, to_ms: NOW_MS + 40 * DAY_MS };
/// Random questions about each tenant.
const QUESTIONS: usize = 25;

/// What a store answers about events.
pub(crate) trait Store: Usage + Ledger + Limits + Budgets + Catalog + Statements + Reratings {}
impl<S: Usage + Ledger + Limits + Budgets + Catalog + Statements + Reratings> Store for S {}

fn told<T: Debug>(answer: StoreResult<T>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("refused: {error}"),
    }
}

fn page() -> PageRequest {
    PageRequest { after: None, limit: 1_000 }
}

/// Asks everything about a tenant; `seed` chooses the random questions.
pub(crate) async fn answers(store: &impl Store, tenant: TenantId, seed: u8) -> Answers {
    let mut answers = Answers::new();
    sums(store, tenant, seed, &mut answers).await;
    single_events(store, tenant, &mut answers).await;
    money(store, tenant, &mut answers).await;
    let closings = store.closings(tenant).await.unwrap();
    for closing in &closings {
        let id = &closing.id;
        answers.push((format!("changes of {id}"), told(store.closing_changes(tenant, id, page()).await)));
        let edges = vec![closing.period.range.from_ms, closing.period.range.to_ms];
        let adjustment = store.adjustment(tenant, id, edges).await.map(|mut rows| {
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            rows
        });
        answers.push((format!("adjustment of {id}"), told(adjustment)));
    }
    answers.push(("closings".to_owned(), format!("{closings:?}")));
    answers.push(("re-ratings".to_owned(), told(store.reratings(tenant, page()).await)));
    answers.push(("dimensions".to_owned(), told(store.dimensions(tenant).await)));
    answers.push(("audit".to_owned(), told(store.audit(Some(tenant), page()).await)));
    answers
}

fn by(group_by: Vec<Dimension>) -> AggregateRequest {
    let edges_ms = (-2..14).map(|day| START_MS + day * DAY_MS).collect();
    AggregateRequest { edges_ms, group_by, filters: vec![], measures: Measures::ALL }
}

async fn sums(store: &impl Store, tenant: TenantId, seed: u8, answers: &mut Answers) {
    let mut runner = TestRunner::deterministic();
    let question = any_question();
    let mut questions: Vec<AggregateRequest> = Dimension::ALL.into_iter().map(|one| by(vec![one])).collect();
    questions.extend([by(vec![]), by(vec![Dimension::Project, Dimension::Model])]);
    let random =
        (0..QUESTIONS + usize::from(seed)).map(|_| question.new_tree(&mut runner).unwrap().current());
    questions.extend(random.skip(usize::from(seed)));
    for question in questions {
        let rows = store.aggregate(tenant, question.clone()).await.map(|mut rows| {
            rows.iter_mut()
                .for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            rows
        });
        answers.push((format!("sums {question:?}"), told(rows)));
        let users = store.distinct_users(tenant, question.clone()).await.map(|mut rows| {
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            rows
        });
        answers.push((format!("users {question:?}"), told(users)));
        if !question.group_by.is_empty() {
            let top = Top { metric: Metric::Calls, count: 2 };
            let rows =
                store.aggregate_top(tenant, AggregateRequest { edges_ms: ends(&question), ..question }, top);
            // A set: rows are told in no order.
            let groups =
                rows.await.map(|top| top.rows.into_iter().map(|row| row.key).collect::<BTreeSet<_>>());
            answers.push(("largest groups".to_owned(), told(groups)));
        }
    }
}

fn ends(question: &AggregateRequest) -> Vec<i64> {
    vec![question.edges_ms[0], *question.edges_ms.last().unwrap()]
}

async fn single_events(store: &impl Store, tenant: TenantId, answers: &mut Answers) {
    let tenant_row = store.tenant_by_id(tenant).await.unwrap().unwrap();
    let from_ms = tenant_row.events_from_ms.unwrap_or(EVERYTHING.from_ms);
    let range = Range { from_ms: from_ms.max(EVERYTHING.from_ms), ..EVERYTHING };
    let columns = [LogColumn::Time, LogColumn::TotalTokens, LogColumn::Cost, LogColumn::Latency];
    let texts = [Dimension::User, Dimension::Model, Dimension::Status].map(LogColumn::Dimension);
    for column in columns.into_iter().chain(texts) {
        for (descending, offset) in [(false, 0), (true, 3)] {
            let (start, limit) = (LogStart::Offset(offset), 500);
            let (filters, priced) = (vec![], None);
            let request = LogRequest { range, filters, priced, column, descending, start, limit };
            let name = format!("log by {column:?} {descending}");
            answers.push((name, told(store.log(tenant, request).await)));
        }
    }
    let view = store.log_view(tenant).await.unwrap();
    let request = ScanRequest { view, range, filters: vec![], priced: None, after: None, limit: 1_000 };
    let scanned = store.scan_log(tenant, request).await.unwrap();
    for row in scanned.rows.iter().take(40) {
        let found = store.event(tenant, &row.event.source, &row.event.id).await;
        answers.push((format!("event {}", row.event.id), told(found)));
    }
    answers.push(("scan".to_owned(), format!("{scanned:?}")));
    let beyond = Range { from_ms: EVERYTHING.from_ms, to_ms: EVERYTHING.to_ms };
    let (start, limit, column) = (LogStart::Offset(0), 10, LogColumn::Time);
    let request =
        LogRequest { range: beyond, filters: vec![], priced: None, column, descending: true, start, limit };
    answers.push(("log of everything".to_owned(), told(store.log(tenant, request).await)));
}

async fn money(store: &impl Store, tenant: TenantId, answers: &mut Answers) {
    use ScopeField::{Model, Project, User};
    answers.push(("budgets".to_owned(), told(store.budgets(tenant, page(), NOW_MS).await)));
    for scope in [Scope::of([]), Scope::of([(Project, "a")]), Scope::of([(User, "b"), (Model, "a")])] {
        let edges = vec![START_MS - DAY_MS, START_MS + DAY_MS, START_MS + 3 * DAY_MS, NOW_MS];
        answers.push((format!("spent {scope:?}"), told(store.spent_between(tenant, scope, edges).await)));
    }
    for user in store.users(tenant, page()).await.unwrap().items.into_iter().take(10) {
        answers
            .push((format!("standing of {}", user.id), told(store.standing(tenant, &user.id, NOW_MS).await)));
    }
    answers.push(("near".to_owned(), told(store.near_limits(tenant, 1, 50, NOW_MS).await)));
    let day = i32::try_from(START_MS / DAY_MS).unwrap();
    answers.push(("history".to_owned(), told(store.history(tenant, day - 5, day + 15).await)));
}
