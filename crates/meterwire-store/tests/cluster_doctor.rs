//! The doctor of a cluster finds each thing that is broken, and nothing where nothing is.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::moved::{Target, fill, runtime};
use common::{append, events, tenant};
use meterwire_app::conformance::{self, World};
use meterwire_app::ports::Ledger;
use meterwire_store::check_cluster;
use meterwire_store::doctor::{Finding, Part, Report};
use std::time::Duration;

/// Voids, dropped and re-rated events, declared dimensions, budgets, a closed period.
const RULES: &[fn(&World)] = &[
    conformance::identity::a_voided_event_keeps_its_identity,
    conformance::forgetting::events_recorded_lately_are_not_dropped,
    conformance::dimensions::a_declared_dimension_answers_like_the_model,
    conformance::statements::closings,
    conformance::budgets::former_amounts_are_kept,
];

async fn look(target: &Target) -> Report {
    let mut steps = Vec::new();
    let report = check_cluster(target.options(), |step| steps.push(step)).await.unwrap();
    let last = steps.last().unwrap();
    assert_eq!(last.done, last.total, "{steps:?}");
    report
}

/// The parts that findings are about; what is no part of a cluster by its own name.
fn parts(report: &Report) -> Vec<String> {
    let mut parts: Vec<String> = report
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Cluster { part, .. } => part.to_string(),
            Finding::Budget { .. } => "budget".to_owned(),
            Finding::Closing { .. } => "closing".to_owned(),
            other => other.to_string(),
        })
        .collect();
    parts.sort();
    parts.dedup();
    parts
}

/// Runs a statement on every shard and waits until it is carried out.
async fn mutate(target: &Target, statement: &str) {
    for shard in 0..target.tables.urls().len() {
        target.tables.ask(shard, statement);
    }
    for shard in 0..target.tables.urls().len() {
        let running =
            "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND is_done = 0";
        while target.tables.ask(shard, running).trim() != "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[test]
fn each_thing_that_is_broken_is_found() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), RULES, async |store| {
        let tenant = tenant(store).await;
        append(store, tenant, events(0, 600)).await;
    });
    runtime().block_on(async {
        let target = Target::new().await;
        target.receive(dir.path(), |_| Ok(())).await.unwrap();
        let client = target.database.connect().await;
        // The rule made its statements up.
        assert_eq!(parts(&look(&target).await), ["closing"]);
        client.batch_execute("DELETE FROM closing").await.unwrap();
        let report = look(&target).await;
        assert!(report.is_clean(), "{:#?}", report.findings);
        assert!(report.events >= 600 && report.rollup_rows > 600, "{report:?}");
        // What is broken, by which parts it is found, and how it was.
        let acme = "(SELECT id FROM tenant WHERE slug = 'acme')";
        for (broken, found, mended) in [
            (
                "UPDATE budget_period SET spent = spent + 1".to_owned(),
                vec!["budget"],
                "UPDATE budget_period SET spent = spent - 1".to_owned(),
            ),
            (
                format!("UPDATE ledger SET cancels = cancels + 1 WHERE tenant_id = {acme}"),
                vec!["ledger"],
                format!("UPDATE ledger SET cancels = cancels - 1 WHERE tenant_id = {acme}"),
            ),
            (
                format!("UPDATE identity SET seq = seq + 1000000 WHERE tenant_id = {acme} AND seq % 600 = 0"),
                vec!["identities", "ledger"],
                format!("UPDATE identity SET seq = seq - 1000000 WHERE tenant_id = {acme} AND seq > 1000000"),
            ),
            (
                "UPDATE label SET kind = kind + 100 WHERE kind = 4".to_owned(),
                // Budgets and closed periods of users' events are asked for by their labels' numbers.
                vec!["labels"],
                "UPDATE label SET kind = kind - 100 WHERE kind = 104".to_owned(),
            ),
            (
                "UPDATE manifest SET folds = folds || ',4000000000'".to_owned(),
                vec!["manifest"],
                "UPDATE manifest SET folds = replace(folds, ',4000000000', '')".to_owned(),
            ),
        ] {
            assert!(client.execute(&broken, &[]).await.unwrap() > 0, "{broken}");
            assert_eq!(parts(&look(&target).await), found, "{broken}");
            client.execute(&mended, &[]).await.unwrap();
        }
        assert!(look(&target).await.is_clean());
        mutate(&target, "ALTER TABLE rollup UPDATE cost_nanos = cost_nanos + 1 WHERE kind = 10 AND k1 > 0")
            .await;
        assert_eq!(parts(&look(&target).await), ["fold", "ledger"]);
        mutate(&target, "ALTER TABLE rollup UPDATE cost_nanos = cost_nanos - 1 WHERE kind = 10 AND k1 > 0")
            .await;
        mutate(
            &target,
            "ALTER TABLE rollup UPDATE latency_counts = arrayMap(c -> c + 1, latency_counts) WHERE kind = 3",
        )
        .await;
        let report = look(&target).await;
        assert_eq!(parts(&report), ["fold"]);
        assert!(report.findings[0].to_string().contains("latency durations differ"), "{report:?}");
        mutate(
            &target,
            "ALTER TABLE rollup UPDATE latency_counts = arrayMap(c -> c - 1, latency_counts) WHERE kind = 3",
        )
        .await;
        assert!(look(&target).await.is_clean());
        // Rollups by what tenants have declared.
        for (broken, mended) in [
            ("cost_nanos = cost_nanos + 1", "cost_nanos = cost_nanos - 1"),
            ("calls = calls - 1", "calls = calls + 1"),
        ] {
            mutate(&target, &format!("ALTER TABLE rollup UPDATE {broken} WHERE kind = 12")).await;
            let report = look(&target).await;
            assert_eq!(parts(&report), ["fold"], "{broken}");
            assert!(report.findings[0].to_string().contains("by declared property"), "{report:?}");
            mutate(&target, &format!("ALTER TABLE rollup UPDATE {mended} WHERE kind = 12")).await;
        }
        assert!(look(&target).await.is_clean());
        // The last, since nothing brings it back.
        mutate(&target, "ALTER TABLE event DELETE WHERE seq = 500").await;
        let report = look(&target).await;
        assert_eq!(parts(&report), ["budget", "fold", "identities"][1..], "{:#?}", report.findings);
        let told = report.findings.iter().map(ToString::to_string).collect::<String>();
        assert!(told.contains("not in ClickHouse: 1 (500)"), "{told}");
        assert!(report.findings.iter().all(|finding| !finding.advice().is_empty()));
    });
}

/// Beside a server: what waits is counted with the rest, and what ClickHouse has lost of a batch is named.
#[test]
fn what_waits_is_no_fault_and_what_a_batch_lost_is() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), &[], async |store| {
        tenant(store).await;
    });
    runtime().block_on(async {
        let target = Target::new().await;
        target.receive(dir.path(), |_| Ok(())).await.unwrap();
        let store = target.open_with(Duration::from_hours(1)).await.unwrap();
        let tenant = common::first_tenant(&store).await;
        // The first flush comes at once; what is recorded behind it waits.
        tokio::time::sleep(Duration::from_secs(2)).await;
        store.append(tenant, events(0, 30)).await.unwrap();
        store.void(tenant, "default", "id-7", common::audit("event.void")).await.unwrap();
        let report = look(&target).await;
        assert_eq!((report.waiting, report.found), (31, 0), "{:#?}", report.findings);
        store.close().await.unwrap();
        let store = target.open_with(Duration::from_millis(50)).await.unwrap();
        let client = target.database.connect().await;
        let waiting = "SELECT count(*) FROM outbox WHERE batch IS NULL";
        while client.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(look(&target).await.is_clean());
        mutate(&target, "ALTER TABLE event DELETE WHERE seq = 12").await;
        let report = look(&target).await;
        assert!(parts(&report).contains(&Part::Batch.to_string()), "{:#?}", report.findings);
        let told = report.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("ClickHouse has lost 1: 12 of tenant"), "{told}");
        store.close().await.unwrap();
    });
}
