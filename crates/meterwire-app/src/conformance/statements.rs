//! Closed periods: whatever is recorded and voided while a statement is made, statement and changes are the totals.

use super::make::{DAY_MS, NOW_MS, START_MS, event_with, whole};
use super::{World, audit};
use crate::ports::{
    AggregateRequest, AggregateRow, ChangeKind, Frozen, Measures, NewClosing, NewReportDelivery, PageRequest,
    Report, ReportScope, ReportState, ReportTry, StoreError, TenantId,
};
use meterwire_core::closing::{ClosedPeriod, STATEMENT_GROUPS};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::report::{Every, ReportFormat, Schedule};
use meterwire_core::totals::Totals;
use std::collections::BTreeMap;

/// Sums by bucket and group.
type Groups = BTreeMap<(usize, Vec<Option<String>>), Totals>;

fn new_closing(id: &str, range: Range) -> NewClosing {
    let period = ClosedPeriod { name: "period".into(), timezone: "UTC".into(), range };
    NewClosing { id: id.into(), period, at_ms: NOW_MS, by: "conformance".into() }
}

fn request(range: Range) -> AggregateRequest {
    AggregateRequest {
        edges_ms: vec![range.from_ms, range.from_ms + DAY_MS, range.to_ms],
        group_by: STATEMENT_GROUPS.to_vec(),
        filters: vec![],
        measures: Measures::SUMS,
    }
}

fn add(groups: &mut Groups, rows: Vec<AggregateRow>) {
    for row in rows {
        groups.entry((row.bucket, row.key)).or_default().merge(&row.totals);
    }
}

async fn check(world: &World, tenant: TenantId, id: &str, range: Range, frozen: &[AggregateRow]) {
    let mut both = Groups::new();
    add(&mut both, frozen.to_vec());
    let statements = &world.stores.statements;
    add(&mut both, statements.adjustment(tenant, id, request(range).edges_ms).await.unwrap());
    both.retain(|_, totals| *totals != Totals::default());
    let mut today = Groups::new();
    add(&mut today, world.stores.usage.aggregate(tenant, request(range)).await.unwrap());
    assert_eq!(both, today);
}

/// Events arrive and are voided while a period is being closed, and not one is lost between statement and changes.
pub fn a_closing_loses_nothing_while_events_arrive(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let range = Range { from_ms: START_MS, to_ms: START_MS + 2 * DAY_MS };
        let recording = async {
            for i in 0..300_i64 {
                let event = event_with(&format!("id-{i}"), |sent| {
                    sent.time_ms = Some(START_MS - 1 + i % 5 * DAY_MS / 2);
                    sent.cost = Some(CostNanos(i + 1));
                    sent.labels.set(STATEMENT_GROUPS[usize::try_from(i % 4).unwrap()], Some("a".into()));
                });
                world.append(tenant, &[event]).await;
                if i % 3 == 2 {
                    let id = format!("id-{}", i - i % 7 % 3);
                    world.stores.ledger.void(tenant, "default", &id, audit("event.void", &id)).await.unwrap();
                }
            }
        };
        let closing = async {
            let (mut frozen, mut late) = (Vec::new(), 0);
            for n in 0..12 {
                let (id, statements) = (format!("closing-{n}"), &world.stores.statements);
                statements.begin_closing(tenant, new_closing(&id, range)).await.unwrap();
                let (rows, mark) = statements.sums_to_freeze(tenant, &id, request(range)).await.unwrap();
                let frozen_now =
                    Frozen { statement: id.clone().into(), sha256: [7; 32], total: Totals::default(), mark };
                let made =
                    statements.freeze_closing(tenant, &id, frozen_now, audit("closing.create", &id)).await;
                late += made.unwrap().since.changes;
                check_now(world, tenant, &id, range, &rows).await;
                statements.reopen(tenant, &id, audit("closing.reopen", &id)).await.unwrap();
                frozen = rows;
            }
            (frozen.len(), late)
        };
        let ((), (groups, _)) = tokio::join!(recording, closing);
        assert!(groups > 0, "closed while events arrived");
        // Once more, with changes after it that are told one by one.
        let statements = &world.stores.statements;
        statements.begin_closing(tenant, new_closing("last", range)).await.unwrap();
        let (rows, mark) = statements.sums_to_freeze(tenant, "last", request(range)).await.unwrap();
        let frozen = Frozen { statement: vec![1], sha256: [7; 32], total: Totals::default(), mark };
        statements.freeze_closing(tenant, "last", frozen, audit("closing.create", "last")).await.unwrap();
        let late = event_with("late", |sent| sent.time_ms = Some(START_MS + 1));
        let outside = event_with("outside", |sent| sent.time_ms = Some(START_MS + 2 * DAY_MS));
        world.append(tenant, &[late.clone(), late, outside]).await;
        let void = audit("event.void", "late");
        world.stores.ledger.void(tenant, "default", "late", void).await.unwrap();
        let page = PageRequest { after: None, limit: 10 };
        let changes = statements.closing_changes(tenant, "last", page).await.unwrap().items;
        let kinds: Vec<_> = changes.iter().map(|change| (change.kind, change.totals.calls)).collect();
        assert_eq!(kinds, [(ChangeKind::Late, 1), (ChangeKind::Void, -1)]);
        assert_eq!(changes[0].event, Some(("default".to_owned(), "late".to_owned())));
        assert!(statements.adjustment(tenant, "last", request(range).edges_ms).await.unwrap().is_empty());
        check(world, tenant, "last", range, &rows).await;
        assert_eq!(statements.frozen_statement(tenant, "last").await.unwrap(), Some(vec![1]));
    });
}

/// Both are read from different moments, so that what comes in between is let pass: they agree at the latest when it is quiet.
async fn check_now(world: &World, tenant: TenantId, id: &str, range: Range, frozen: &[AggregateRow]) {
    for _ in 0..1_000 {
        let before = world.stores.usage.revision(tenant);
        let mut both = Groups::new();
        add(&mut both, frozen.to_vec());
        add(
            &mut both,
            world.stores.statements.adjustment(tenant, id, request(range).edges_ms).await.unwrap(),
        );
        both.retain(|_, totals| *totals != Totals::default());
        let mut today = Groups::new();
        add(&mut today, world.stores.usage.aggregate(tenant, request(range)).await.unwrap());
        if world.stores.usage.revision(tenant) == before {
            assert_eq!(both, today);
            return;
        }
        if both == today {
            return;
        }
    }
    unreachable!("statement and changes never agreed with the totals");
}

/// What comes before the sums are read is in the statement alone, what comes behind that among the changes alone.
pub fn what_comes_while_a_period_is_closed_counts_once(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let statements = &world.stores.statements;
        let range = Range { from_ms: START_MS, to_ms: START_MS + 2 * DAY_MS };
        let arrive = async |id: &str| {
            world.append(tenant, &[event_with(id, |sent| sent.time_ms = Some(START_MS + 1))]).await;
        };
        arrive("before").await;
        statements.begin_closing(tenant, new_closing("once", range)).await.unwrap();
        arrive("in the statement").await;
        let (rows, mark) = statements.sums_to_freeze(tenant, "once", request(range)).await.unwrap();
        arrive("behind it").await;
        let frozen = Frozen { statement: vec![1], sha256: [7; 32], total: Totals::default(), mark };
        let audited = audit("closing.create", "once");
        let closing = statements.freeze_closing(tenant, "once", frozen, audited).await.unwrap();
        assert_eq!((rows[0].totals.calls, closing.since.changes), (2, 1));
        check(world, tenant, "once", range, &rows).await;
    });
}

/// Periods do not overlap, tenants do not mix, and what was begun and not frozen is nothing.
pub fn closings(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let statements = &world.stores.statements;
        let day = |n: i64| Range { from_ms: START_MS + n * DAY_MS, to_ms: START_MS + (n + 1) * DAY_MS };
        statements.begin_closing(tenant, new_closing("a", day(0))).await.unwrap();
        assert!(statements.closings(tenant).await.unwrap().is_empty());
        assert!(matches!(statements.adjustment(tenant, "a", vec![0, 1]).await, Err(StoreError::NotFound(_))));
        let close = async |id: &str, range: Range| {
            statements.begin_closing(tenant, new_closing(id, range)).await?;
            let (_, mark) = statements.sums_to_freeze(tenant, id, request(range)).await?;
            let frozen = Frozen { statement: id.into(), sha256: [1; 32], total: Totals::default(), mark };
            statements.freeze_closing(tenant, id, frozen, audit("closing.create", id)).await
        };
        // Whoever begins later wins; the other finds nothing to freeze.
        close("b", day(0)).await.unwrap();
        let frozen = Frozen {
            statement: vec![],
            sha256: [1; 32],
            total: Totals::default(),
            mark: crate::ports::ChangeMark(0),
        };
        let lost = statements.freeze_closing(tenant, "a", frozen, audit("closing.create", "a")).await;
        assert!(matches!(lost, Err(StoreError::NotFound(_))), "{lost:?}");
        let overlap = Range { from_ms: START_MS + DAY_MS - 1, to_ms: START_MS + 2 * DAY_MS };
        assert!(matches!(close("c", overlap).await, Err(StoreError::Conflict(_))));
        close("d", day(1)).await.unwrap();
        let ids: Vec<_> =
            statements.closings(tenant).await.unwrap().into_iter().map(|closing| closing.id).collect();
        assert_eq!(ids, ["d", "b"]);
        assert!(statements.closing(other, "b").await.unwrap().is_none());
        assert!(statements.frozen_statement(other, "b").await.unwrap().is_none());
        let foreign = statements.reopen(other, "b", audit("closing.reopen", "b")).await;
        assert!(matches!(foreign, Err(StoreError::NotFound(_))));
        world.append(other, &[event_with("x", |sent| sent.time_ms = Some(START_MS))]).await;
        assert_eq!(statements.closing(tenant, "b").await.unwrap().unwrap().since.changes, 0);
        statements.reopen(tenant, "b", audit("closing.reopen", "b")).await.unwrap();
        close("e", day(0)).await.unwrap();
        assert_eq!(world.stores.usage.aggregate(tenant, whole()).await.unwrap(), []);
    });
}

/// A period is begun once, ends once, and goes with its report.
pub fn reports(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let statements = &world.stores.statements;
        let id = format!("report-{}", tenant.0);
        let report = Report {
            id: id.clone(),
            name: "Daily".into(),
            schedule: Schedule { every: Every::Day, timezone: "UTC".into(), hour: 7 },
            scope: ReportScope::Department("care".into()),
            to: vec!["a@example.com".into()],
            formats: vec![ReportFormat::Pdf],
            enabled: true,
            created_ms: NOW_MS,
            next_ms: NOW_MS + 10,
        };
        statements.create_report(tenant, report.clone(), audit("report.create", &id)).await.unwrap();
        assert_eq!(statements.report(tenant, &id).await.unwrap().as_ref(), Some(&report));
        assert_eq!(statements.report(other, &id).await.unwrap(), None);
        let due = async |now_ms: i64| {
            let due = statements.due_reports(now_ms, 1_000).await.unwrap();
            due.into_iter().filter(|(owner, _)| *owner == tenant).count()
        };
        assert_eq!((due(NOW_MS + 9).await, due(NOW_MS + 10).await), (0, 1));
        let new = NewReportDelivery {
            range: Range { from_ms: 0, to_ms: 10 },
            by_hand: false,
            try_ms: NOW_MS + 10,
            at_ms: NOW_MS + 10,
            next_due_ms: Some(NOW_MS + 20),
        };
        let begun = statements.begin_report_delivery(tenant, &id, new).await.unwrap().unwrap();
        assert_eq!((begun.state, begun.attempts), (ReportState::Pending, 0));
        assert_eq!(statements.begin_report_delivery(tenant, &id, new).await.unwrap(), None, "begun before");
        assert_eq!((due(NOW_MS + 19).await, due(NOW_MS + 20).await), (0, 1));
        let by_hand = NewReportDelivery { by_hand: true, next_due_ms: None, try_ms: NOW_MS + 99, ..new };
        assert!(statements.begin_report_delivery(tenant, &id, by_hand).await.unwrap().is_some());
        let foreign = statements.begin_report_delivery(other, &id, new).await;
        assert!(matches!(foreign, Err(StoreError::NotFound(_))), "{foreign:?}");
        let pending = async |now_ms: i64| {
            let due = statements.due_report_deliveries(now_ms, 1_000).await.unwrap();
            due.into_iter()
                .filter(|due| due.tenant == tenant)
                .map(|due| due.delivery.attempts)
                .collect::<Vec<_>>()
        };
        assert_eq!(pending(NOW_MS + 10).await, [0]);
        let again = ReportTry {
            state: ReportState::Pending,
            next_ms: NOW_MS + 50,
            at_ms: NOW_MS,
            error: Some("no".into()),
        };
        statements.end_report_try(begun.n, again).await.unwrap();
        assert_eq!((pending(NOW_MS + 49).await, pending(NOW_MS + 50).await), (vec![], vec![1]));
        let done = ReportTry { state: ReportState::Delivered, next_ms: 0, at_ms: NOW_MS + 51, error: None };
        statements.end_report_try(begun.n, done.clone()).await.unwrap();
        statements.end_report_try(begun.n, ReportTry { state: ReportState::Failed, ..done }).await.unwrap();
        let page = |limit| PageRequest { after: None, limit };
        let sent = statements.report_deliveries(tenant, &id, page(1)).await.unwrap();
        assert!(sent.items[0].by_hand && sent.next.is_some());
        let all = statements.report_deliveries(tenant, &id, page(10)).await.unwrap().items;
        assert_eq!((all[1].state, all[1].delivered_ms), (ReportState::Delivered, Some(NOW_MS + 51)));
        assert!(statements.report_deliveries(other, &id, page(10)).await.unwrap().items.is_empty());
        let off = Report { enabled: false, scope: ReportScope::Tenant, ..report };
        statements.update_report(tenant, off.clone(), audit("report.update", &id)).await.unwrap();
        assert_eq!(due(NOW_MS + 1_000).await, 0);
        assert_eq!(statements.reports(tenant, page(10)).await.unwrap().items, [off]);
        let foreign = statements.delete_report(other, &id, audit("report.delete", &id)).await;
        assert!(matches!(foreign, Err(StoreError::NotFound(_))));
        statements.delete_report(tenant, &id, audit("report.delete", &id)).await.unwrap();
        assert_eq!(pending(NOW_MS + 1_000).await, [] as [u32; 0]);
    });
}
