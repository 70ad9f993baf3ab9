//! Provider reports: connections, how far their streams have come, and buckets that are replaced whole.

use super::catalog::{assert_conflict, assert_not_found};
use super::make::NOW_MS;
use super::{World, audit};
use crate::clock::new_id;
use crate::ports::{Connection, Kept, MAX_CONNECTIONS, NewReport, StreamId, TenantId};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::provider_report::{
    DAY_MS, Failure, ReportBucket, ReportKind, ReportProvider, ReportRow, StreamState, utc_day,
};
use std::collections::BTreeMap;

const KIND: ReportKind = ReportKind::Costs;

fn connection(name: &str) -> Connection {
    Connection {
        id: new_id(),
        provider: ReportProvider::OpenAi,
        name: name.to_owned(),
        base_url: Some("https://example.com/v1".to_owned()),
        sealed_key: vec![1, 2, 3],
        enabled: true,
        project_map: BTreeMap::from([("proj".to_owned(), "chat".to_owned())]),
        key_map: BTreeMap::new(),
        created_ms: NOW_MS,
    }
}

fn streams() -> Vec<StreamState> {
    [KIND, ReportKind::Completions].map(|kind| StreamState::new(kind, NOW_MS - 9 * DAY_MS, NOW_MS)).into()
}

fn row(model: &str, nanos: i64) -> ReportRow {
    ReportRow {
        model: Some(model.to_owned()),
        api_key: Some("key".to_owned()),
        requests: Some(3),
        tokens: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        quantity: Some(11),
        cost: Some(CostNanos(nanos)),
        ..ReportRow::default()
    }
}

/// Days since today, as a bucket with these rows.
fn bucket(days_ago: i64, rows: Vec<ReportRow>) -> ReportBucket {
    let mut bucket = ReportBucket { start_ms: utc_day(NOW_MS) - days_ago * DAY_MS, rows };
    bucket.tidy();
    bucket
}

fn whole() -> Range {
    Range { from_ms: utc_day(NOW_MS) - 100 * DAY_MS, to_ms: utc_day(NOW_MS) + DAY_MS }
}

impl World {
    /// A new tenant's new connection.
    async fn connected(&self) -> (TenantId, StreamId) {
        let tenant = self.new_tenant().await.id;
        let new = connection("one");
        let id = StreamId { tenant, connection: new.id.clone(), kind: KIND };
        let made = audit("provider.create", &new.id);
        self.stores.provider_reports.create_connection(tenant, new, streams(), made).await.unwrap();
        (tenant, id)
    }

    async fn keep(&self, stream: &StreamId, buckets: Vec<ReportBucket>, read_ms: i64) -> Kept {
        let report = NewReport { stream: stream.clone(), buckets, read_ms, provider_now_ms: read_ms };
        self.stores.provider_reports.keep_report(report).await.unwrap()
    }

    /// Models and costs of everything that is kept of a stream.
    async fn told(&self, stream: &StreamId) -> Vec<(i64, String, i64)> {
        let ids = vec![stream.connection.clone()];
        let rows =
            self.stores.provider_reports.report_rows(stream.tenant, ids, vec![KIND], whole()).await.unwrap();
        let told = rows.into_iter().map(|stored| {
            let cost = stored.row.cost.unwrap().0;
            ((utc_day(NOW_MS) - stored.day_ms) / DAY_MS, stored.row.model.unwrap(), cost)
        });
        told.collect()
    }
}

/// Made, found, changed, bounded, taken away; by their own tenant only.
pub fn connections(world: &World) {
    world.run(async {
        let reports = &world.stores.provider_reports;
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let mut one = connection("one");
        reports
            .create_connection(tenant, one.clone(), streams(), audit("provider.create", "x"))
            .await
            .unwrap();
        assert_eq!(reports.connections(tenant).await.unwrap(), [one.clone()]);
        assert_eq!(reports.connection(tenant, &one.id).await.unwrap(), Some(one.clone()));
        assert_eq!(reports.connection(other, &one.id).await.unwrap(), None);
        assert_eq!(reports.streams(tenant, &one.id).await.unwrap().len(), 2);
        let twin = connection("one");
        assert_conflict(
            reports.create_connection(tenant, twin, streams(), audit("provider.create", "x")).await,
        );
        (one.name, one.enabled, one.sealed_key) = ("first".to_owned(), false, vec![9]);
        reports.update_connection(tenant, one.clone(), None, audit("provider.update", "x")).await.unwrap();
        assert_eq!(reports.connection(tenant, &one.id).await.unwrap(), Some(one.clone()));
        let change = audit("provider.update", "x");
        assert_not_found(reports.update_connection(other, one.clone(), None, change).await);
        assert_not_found(reports.delete_connection(other, &one.id, audit("provider.delete", "x")).await);
        for number in 1..MAX_CONNECTIONS {
            let more = connection(&format!("n-{number}"));
            reports.create_connection(tenant, more, vec![], audit("provider.create", "x")).await.unwrap();
        }
        let too_many = connection("too many");
        assert_conflict(
            reports.create_connection(tenant, too_many, vec![], audit("provider.create", "x")).await,
        );
        reports.delete_connection(tenant, &one.id, audit("provider.delete", "x")).await.unwrap();
        assert_not_found(reports.delete_connection(tenant, &one.id, audit("provider.delete", "x")).await);
        // Its name is free again.
        reports
            .create_connection(tenant, connection("first"), vec![], audit("provider.create", "x"))
            .await
            .unwrap();
    });
}

/// A later report of a bucket replaces it whole; what had been over before is told as revised.
pub fn a_later_report_replaces_a_bucket_whole(world: &World) {
    world.run(async {
        let (_, stream) = world.connected().await;
        let first =
            vec![bucket(0, vec![row("a", 1)]), bucket(1, vec![row("a", 2), row("b", 3)]), bucket(2, vec![])];
        assert_eq!(world.keep(&stream, first.clone(), NOW_MS).await, Kept { changed: 3, revised: 0 });
        assert_eq!(world.told(&stream).await, [(1, "a".into(), 2), (1, "b".into(), 3), (0, "a".into(), 1)]);
        // The same again, in another order.
        let again = bucket(1, vec![row("b", 3), row("a", 2)]);
        assert_eq!(world.keep(&stream, vec![again], NOW_MS).await, Kept::default());
        // Today grows, yesterday is revised; the day before is not told of and stays.
        let later = vec![bucket(0, vec![row("a", 5)]), bucket(1, vec![row("c", 7)])];
        assert_eq!(world.keep(&stream, later, NOW_MS + 60_000).await, Kept { changed: 2, revised: 1 });
        assert_eq!(world.told(&stream).await, [(1, "c".into(), 7), (0, "a".into(), 5)]);
        let ids = vec![stream.connection.clone()];
        let buckets =
            world.stores.provider_reports.report_buckets(stream.tenant, ids, whole()).await.unwrap();
        let revised: Vec<_> = buckets.iter().map(|bucket| (bucket.revisions, bucket.revised_ms)).collect();
        assert_eq!(revised, [(0, None), (1, Some(NOW_MS + 60_000)), (0, None)]);
        // A row comes back as it was.
        let ids = vec![stream.connection.clone()];
        let rows =
            world.stores.provider_reports.report_rows(stream.tenant, ids, vec![KIND], whole()).await.unwrap();
        assert_eq!(rows[0].row, row("c", 7));
        // Days end before the last instant of their range.
        let yesterday = Range { from_ms: utc_day(NOW_MS) - DAY_MS, to_ms: utc_day(NOW_MS) };
        let ids = vec![stream.connection.clone()];
        let rows = world
            .stores
            .provider_reports
            .report_rows(stream.tenant, ids, vec![KIND], yesterday)
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
    });
}

/// What a connection reported is in no answer once it is taken away, and is cleared behind that.
pub fn a_connection_leaves_with_its_reports(world: &World) {
    world.run(async {
        let reports = &world.stores.provider_reports;
        let (tenant, stream) = world.connected().await;
        let (_, staying) = world.connected().await;
        let rows =
            |count: i64| (0..count).map(|number| row(&format!("m-{number}"), number + 1)).collect::<Vec<_>>();
        world.keep(&stream, (0..5).map(|day| bucket(day, rows(10))).collect(), NOW_MS).await;
        world.keep(&staying, vec![bucket(0, rows(2))], NOW_MS).await;
        reports.delete_connection(tenant, &stream.connection, audit("provider.delete", "x")).await.unwrap();
        assert_eq!(reports.connections(tenant).await.unwrap(), []);
        assert_eq!(reports.streams(tenant, &stream.connection).await.unwrap(), []);
        let report = NewReport {
            stream: stream.clone(),
            buckets: vec![bucket(0, rows(1))],
            read_ms: NOW_MS,
            provider_now_ms: NOW_MS,
        };
        assert_not_found(reports.keep_report(report).await);
        let mut rounds = 0;
        while reports.clear_reports(15).await.unwrap() {
            rounds += 1;
            assert!(rounds < 1000);
        }
        assert!(rounds > 1, "in pieces");
        assert_eq!(world.told(&stream).await, []);
        assert_eq!(world.told(&staying).await.len(), 2);
    });
}

/// Streams are due in order, keep where they stand, and reach back as far as anybody wished.
pub fn streams_keep_where_they_stand(world: &World) {
    world.run(async {
        let reports = &world.stores.provider_reports;
        let (tenant, stream) = world.connected().await;
        let due = reports.due_streams(NOW_MS, 10_000).await.unwrap();
        assert_eq!(due.iter().filter(|due| due.tenant == tenant).count(), 1, "one a tenant");
        let find = async || {
            let all = reports.streams(tenant, &stream.connection).await.unwrap();
            all.into_iter().find(|state| state.kind == KIND).unwrap()
        };
        let mut state = find().await;
        let covers = Range { from_ms: state.wanted_from_ms, to_ms: utc_day(NOW_MS) + DAY_MS };
        (state.covers, state.last_success_ms, state.due_ms) = (Some(covers), Some(NOW_MS), NOW_MS + 1000);
        (state.last_deep_ms, state.skew_ms) = (Some(NOW_MS), -5);
        reports.keep_stream(&stream, state.clone(), NOW_MS).await.unwrap();
        assert_eq!(find().await, state);
        // Farther back, never less far.
        let from_ms = utc_day(NOW_MS - 30 * DAY_MS);
        for wish in [from_ms, from_ms + 5 * DAY_MS] {
            let wished = audit("provider.backfill", "x");
            reports.reach_back(tenant, &stream.connection, wish, NOW_MS + 10, wished).await.unwrap();
        }
        assert_eq!((find().await.wanted_from_ms, find().await.due_ms), (from_ms, NOW_MS + 10));
        // Whoever kept an older state meanwhile undoes no wish, and goes on at once.
        reports.keep_stream(&stream, state.clone(), NOW_MS + 20).await.unwrap();
        assert_eq!((find().await.wanted_from_ms, find().await.due_ms), (from_ms, NOW_MS + 20));
        // What failed is asked again on demand, unless it was asked to wait.
        for (code, asked) in [("unauthorized", 2), ("rate_limited", 1)] {
            state.failure =
                Some(Failure { code: code.into(), message: "no".into(), at_ms: NOW_MS, passing: true });
            (state.failures, state.due_ms) = (3, NOW_MS + 99_000);
            reports.keep_stream(&stream, state.clone(), NOW_MS).await.unwrap();
            assert_eq!(find().await.failure, state.failure);
            assert_eq!(
                reports.ask_again(tenant, &stream.connection, NOW_MS - 1, NOW_MS).await.unwrap(),
                asked
            );
        }
        reports.postpone(&stream, NOW_MS + 7).await.unwrap();
        assert_eq!(find().await.due_ms, NOW_MS + 7);
        // Nobody is due of what is not due yet.
        let due = reports.due_streams(NOW_MS + 6, 10_000).await.unwrap();
        assert!(!due.contains(&stream));
        assert!(reports.first_tenant().await.unwrap().is_some());
    });
}
