//! What a dashboard asks, each many times.

use crate::data::{DAY_MS, END_MS};
use meterwire_app::ports::{AggregateRequest, LogColumn, LogRequest, LogStart, Measures, TenantId, Usage};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::{Granularity, Range, zone};
use meterwire_core::usage_query::Filter;
use meterwire_store::SqliteStore;
use std::future::Future;
use std::time::Instant;

const TIMES: usize = 40;

fn request(
    days: i64,
    tz: &str,
    granularity: Option<Granularity>,
    group_by: &[Dimension],
) -> AggregateRequest {
    let zone = zone(tz).unwrap();
    let whole = Range { from_ms: END_MS - days * DAY_MS, to_ms: END_MS };
    // Whole days of the zone, as the named ranges have them.
    let local_days = whole.buckets(Granularity::Day, &zone).unwrap();
    let from_ms = local_days[usize::from(tz != "UTC")].range.from_ms;
    let range = Range { from_ms, to_ms: END_MS };
    let edges_ms = match granularity {
        None => vec![range.from_ms, range.to_ms],
        Some(granularity) => {
            let buckets = range.buckets(granularity, &zone).unwrap();
            buckets.iter().map(|bucket| bucket.range.from_ms).chain([range.to_ms]).collect()
        }
    };
    AggregateRequest { edges_ms, group_by: group_by.to_vec(), filters: vec![], measures: Measures::SUMS }
}

pub(crate) async fn ask(store: &SqliteStore, tenant: TenantId) {
    println!("\n{:46} {:>8} {:>8} {:>8}  answered from", "question", "p50 ms", "p95 ms", "max ms");
    let day = Some(Granularity::Day);
    let mut asked: Vec<(String, AggregateRequest)> = Vec::new();
    for days in [30, 90] {
        for tz in ["UTC", "America/New_York", "Asia/Kathmandu"] {
            let mut add = |name: &str, request| asked.push((format!("{name}, {days} d, {tz}"), request));
            add("total by day", request(days, tz, day, &[]));
            add("total", request(days, tz, None, &[]));
            add("provider by day", request(days, tz, day, &[Dimension::Provider]));
            add("model by day", request(days, tz, day, &[Dimension::Model]));
            add("project", request(days, tz, None, &[Dimension::Project]));
            add("project x model", request(days, tz, None, &[Dimension::Project, Dimension::Model]));
            add("user", request(days, tz, None, &[Dimension::User]));
            add("status by day", request(days, tz, day, &[Dimension::Status]));
            add("country", request(days, tz, None, &[Dimension::Country]));
            add("latency", AggregateRequest { measures: Measures::ALL, ..request(days, tz, None, &[]) });
            add(
                "latency by day",
                AggregateRequest { measures: Measures::ALL, ..request(days, tz, day, &[]) },
            );
            add(
                "latency by model",
                AggregateRequest { measures: Measures::ALL, ..request(days, tz, None, &[Dimension::Model]) },
            );
        }
    }
    let one_project = Filter { dimension: Dimension::Project, values: vec![Some("project-3".to_owned())] };
    let filtered = AggregateRequest {
        filters: vec![one_project.clone()],
        ..request(30, "UTC", day, &[Dimension::Model])
    };
    asked.push(("model by day of one project, 30 d, UTC".to_owned(), filtered));
    asked.push((
        "total by 15 minutes, 7 d, UTC".to_owned(),
        request(7, "UTC", Some(Granularity::QuarterHour), &[]),
    ));
    for (name, request) in asked {
        let plan = SqliteStore::explain(&request);
        time(&name, &plan, || async { drop(store.aggregate(tenant, request.clone()).await.unwrap()) }).await;
    }
    let users = request(30, "UTC", day, &[]);
    time("distinct users by day, 30 d, UTC", "", || async {
        drop(store.distinct_users(tenant, users.clone()).await.unwrap());
    })
    .await;
    pages(store, tenant, one_project).await;
}

async fn pages(store: &SqliteStore, tenant: TenantId, one_project: Filter) {
    let columns = [
        ("-time", LogColumn::Time, true),
        ("-cost", LogColumn::Cost, true),
        ("cost", LogColumn::Cost, false),
        ("-totalTokens", LogColumn::TotalTokens, true),
        ("-latency", LogColumn::Latency, true),
        ("status", LogColumn::Dimension(Dimension::Status), false),
        ("model", LogColumn::Dimension(Dimension::Model), false),
        ("user", LogColumn::Dimension(Dimension::User), false),
    ];
    for days in [1, 30, 90] {
        let range = Range { from_ms: END_MS - days * DAY_MS, to_ms: END_MS };
        for (name, column, descending) in columns {
            let start = LogStart::Offset(0);
            let first =
                LogRequest { range, filters: vec![], priced: None, column, descending, start, limit: 50 };
            let ask = || async { store.log(tenant, first.clone()).await.unwrap() };
            time(&format!("log by {name}, {days} d"), "", || async { drop(ask().await) }).await;
            let next = ask().await.next.unwrap();
            let second = LogRequest { start: LogStart::After(next), ..first.clone() };
            if column == LogColumn::Time || column == LogColumn::Cost {
                time(&format!("log by {name}, {days} d, next page"), "", || async {
                    drop(store.log(tenant, second.clone()).await.unwrap());
                })
                .await;
            }
        }
    }
    let range = Range { from_ms: END_MS - 30 * DAY_MS, to_ms: END_MS };
    let filtered = LogRequest {
        range,
        filters: vec![one_project],
        priced: None,
        column: LogColumn::Time,
        descending: true,
        start: LogStart::Offset(0),
        limit: 50,
    };
    time("log by -time of one project, 30 d", "", || async {
        drop(store.log(tenant, filtered.clone()).await.unwrap());
    })
    .await;
}

async fn time<F: Future<Output = ()>>(name: &str, plan: &str, run: impl Fn() -> F) {
    let mut millis = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        run().await;
        millis.push(start.elapsed().as_secs_f64() * 1_000.0);
        // What is far too slow need not be asked forty times.
        if millis.iter().sum::<f64>() > 4_000.0 {
            break;
        }
    }
    millis.sort_by(f64::total_cmp);
    let at = |share: usize| millis[(millis.len() * share / 100).min(millis.len() - 1)];
    let mark = if at(95) > 50.0 { " SLOW" } else { "" };
    println!("{name:46} {:8.2} {:8.2} {:8.2}  {plan}{mark}", at(50), at(95), millis[millis.len() - 1]);
}
