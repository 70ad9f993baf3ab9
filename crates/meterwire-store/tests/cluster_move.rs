//! Moving a directory into a cluster: wherever it is cut off, in the end every table is the same and every question has the
//! same answer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails is a test")]

mod common;

use common::answers::{Answers, answers};
use common::moved::{Target, fill, runtime};
use meterwire_app::clock::SystemClock;
use meterwire_app::conformance::{self, World};
use meterwire_app::ports::{Catalog, PageRequest, StoreError, TenantId};
use meterwire_store::Moving;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Rules leave behind what they made: between them a directory has everything that there is.
const RULES: &[fn(&World)] = &[
    conformance::identity::a_voided_event_keeps_its_identity,
    conformance::identity::sources_and_tenants_do_not_share_ids,
    conformance::totals::the_largest_numbers_are_added_exactly,
    conformance::dimensions::a_declared_dimension_answers_like_the_model,
    conformance::dimensions::declared_again_it_knows_nothing_of_before,
    conformance::forgetting::totals_stay_when_events_are_dropped,
    conformance::forgetting::events_recorded_lately_are_not_dropped,
    conformance::forgetting::an_erased_user_is_another_name,
    conformance::log::events_come_back_as_they_were_stored,
    conformance::statements::what_comes_while_a_period_is_closed_counts_once,
    conformance::statements::closings,
    conformance::statements::reports,
    conformance::reratings::rated_anew_all_is_as_if_it_had_been_recorded_so,
    conformance::budgets::parts_are_never_more_than_the_whole,
    conformance::budgets::former_amounts_are_kept,
    conformance::reservations::a_reservation_is_committed_with_an_event,
    conformance::decisions::a_key_is_answered_once,
    conformance::decisions::a_reset_forgives,
    conformance::catalog::keys,
    conformance::catalog::sessions,
    conformance::catalog::projects,
    conformance::catalog::prices,
    conformance::alerts::tries_are_marked,
    conformance::alerts::a_snooze_holds_back_its_subject,
    conformance::providers::a_later_report_replaces_a_bucket_whole,
    conformance::limit_catalog::overrides,
    conformance::limit_questions::levels_last_from_day_to_day,
];

fn cut_off() -> StoreError {
    StoreError::Conflict("cut off by the test".to_owned())
}

async fn tenants(store: &impl Catalog) -> Vec<TenantId> {
    let page = PageRequest { after: None, limit: 1_000 };
    store.tenants(page).await.unwrap().items.into_iter().map(|tenant| tenant.id).collect()
}

fn assert_same(of: TenantId, before: &Answers, after: &Answers) {
    for ((question, before), (same, after)) in before.iter().zip(after) {
        assert_eq!(question, same);
        let at = before.bytes().zip(after.bytes()).position(|(a, b)| a != b).unwrap_or(0);
        let near = |text: &str| text.chars().skip(at.saturating_sub(200)).take(500).collect::<String>();
        assert!(before == after, "tenant {of:?}: {question}\nwas  {}\nis   {}", near(before), near(after));
    }
    assert_eq!(before.len(), after.len());
}

/// Every row of a table, as text, in some order that both engines have.
fn rows_of_sqlite(dir: &Path, table: &str) -> BTreeSet<String> {
    let connection = common::database(dir);
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).unwrap();
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next().unwrap() {
        let mut cells: Vec<String> = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let value = match row.get_ref(place).unwrap() {
                rusqlite::types::ValueRef::Null => "-".to_owned(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                rusqlite::types::ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
                rusqlite::types::ValueRef::Real(_) => panic!("{table}.{name}"),
            };
            cells.push(format!("{name}={value}"));
        }
        cells.sort();
        found.insert(cells.join("|"));
    }
    found
}

async fn rows_of_postgres(client: &tokio_postgres::Client, table: &str) -> BTreeSet<String> {
    let rows = client.query(&format!("SELECT * FROM \"{table}\""), &[]).await.unwrap();
    let cells = |row: &tokio_postgres::Row| {
        let mut cells = Vec::new();
        for (place, column) in row.columns().iter().enumerate() {
            // A declaration's own number and its first fold are PostgreSQL's alone.
            if table == "dimension" && ["number", "fold"].contains(&column.name()) {
                continue;
            }
            let value = match column.type_().name() {
                "int8" => row.get::<_, Option<i64>>(place).map(|number| number.to_string()),
                "text" => row.get::<_, Option<String>>(place),
                "bytea" => row.get::<_, Option<Vec<u8>>>(place).map(|bytes| format!("{bytes:02x?}")),
                other => panic!("{other}"),
            };
            cells.push(format!("{}={}", column.name(), value.unwrap_or_else(|| "-".to_owned())));
        }
        cells.sort();
        cells.join("|")
    };
    rows.iter().map(cells).collect()
}

const SHARED: &str = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' \
     AND table_type = 'BASE TABLE' AND table_name NOT IN ('ledger', 'identity', 'outbox', 'batch', 'fold', 'manifest', \
       'event_drop', 'move_progress', 'migration') ORDER BY table_name";

/// The most cuts of one part: what was cut while events went is dead in ClickHouse, and costs its merges.
const CUTS_OF_A_PART: usize = 12;

/// However often and wherever the move is cut off, each time a step further on.
#[test]
fn a_move_that_is_cut_off_everywhere_ends_with_the_same_answers() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), RULES, async |_| ());
    runtime().block_on(async {
        let embedded = common::open(dir.path());
        let mut before = Vec::new();
        for (seed, tenant) in (0_u8..).zip(tenants(&embedded).await) {
            before.push((tenant, answers(&embedded, tenant, seed % 60).await));
        }
        embedded.close().await.unwrap();
        let target = Target::new().await;
        let (mut cuts, mut parts, mut last) = (0, BTreeMap::new(), "");
        let moved = loop {
            // Another step each time; what was done before is there, and its own end is not known to anybody.
            let mut left = 1 + cuts % 4;
            let run = target.receive(dir.path(), |progress| {
                last = progress.part;
                let cuts_of_it: &mut usize = parts.entry(last).or_default();
                left -= 1;
                if left > 0 || *cuts_of_it == CUTS_OF_A_PART {
                    left = left.max(1);
                    return Ok(());
                }
                *cuts_of_it += 1;
                Err(cut_off())
            });
            match run.await {
                Ok(moved) => break moved,
                Err(StoreError::Conflict(said)) => {
                    assert_eq!(said, "cut off by the test");
                    // The last step that is told of is the end itself.
                    let is_whole = last == "end";
                    assert_eq!(target.open().await.is_ok(), is_whole, "a server opened what is half there");
                    cuts += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
        };
        assert!(cuts >= 15 && moved.resumed, "{cuts} {moved:?}");
        assert_eq!(parts.into_keys().collect::<Vec<_>>(), ["end", "events", "folds", "tables", "totals"]);
        let client = target.database.connect().await;
        for table in client.query(SHARED, &[]).await.unwrap() {
            let table: &str = table.get(0);
            let (was, is) = (rows_of_sqlite(dir.path(), table), rows_of_postgres(&client, table).await);
            assert!(was == is, "{table}: {:?}", was.symmetric_difference(&is).take(4).collect::<Vec<_>>());
        }
        let store = target.open().await.unwrap();
        assert_eq!(tenants(&store).await, before.iter().map(|(tenant, _)| *tenant).collect::<Vec<_>>());
        for (seed, (tenant, before)) in (0_u8..).zip(&before) {
            assert_same(*tenant, before, &answers(&store, *tenant, seed % 60).await);
        }
        store.close().await.unwrap();
    });
}

/// Longer than PostgreSQL keeps the connection of a leader that does not use it.
const LONG: Duration = Duration::from_secs(12);

/// Hands on what comes, each piece once it was looked at.
fn pass(from: &mut impl Read, to: &mut impl Write, mut look: impl FnMut(&[u8])) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        look(&bytes[..count]);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
}

/// A shard of ClickHouse whose first statement about rollups takes so long.
fn slow_shard(shard: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (shard, waited) =
        (shard.strip_prefix("http://").unwrap().to_owned(), Arc::new(AtomicBool::new(false)));
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, shard) = (client.unwrap(), TcpStream::connect(&shard).unwrap());
            let (mut from, mut to) = (client.try_clone().unwrap(), shard.try_clone().unwrap());
            let (waited, slow) = (waited.clone(), Arc::new(AtomicBool::new(false)));
            let is_slow = slow.clone();
            thread::spawn(move || {
                pass(&mut from, &mut to, |bytes| {
                    let text = String::from_utf8_lossy(bytes);
                    let is_fold = text.contains("INSERT INTO") && text.contains(".rollup (");
                    if is_fold && !waited.swap(true, Ordering::Relaxed) {
                        slow.store(true, Ordering::Relaxed);
                    }
                });
            });
            thread::spawn(move || {
                pass(&mut &shard, &mut &client, |_| {
                    if is_slow.swap(false, Ordering::Relaxed) {
                        thread::sleep(LONG);
                    }
                });
                // It ends connections that nobody uses; who waits here has to learn of it.
                let _ = client.shutdown(Shutdown::Both);
            });
        }
    });
    address
}

/// Much takes long to be folded; until then the right to lead must not be lost.
#[test]
fn a_fold_may_take_long() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), &[conformance::totals::the_largest_numbers_are_added_exactly], async |_| ());
    runtime().block_on(async {
        let target = Target::new().await;
        let mut to = target.options();
        to.clickhouse[0] = slow_shard(&to.clickhouse[0]);
        let begun = std::time::Instant::now();
        let moved = Moving::new(dir.path(), to).run(Arc::new(SystemClock), |_| Ok(())).await;
        assert!(moved.unwrap().events > 0 && begun.elapsed() > LONG);
    });
}

/// What cannot be moved is refused with what is to be done, and nothing is changed.
#[test]
fn only_an_empty_cluster_that_nobody_serves_takes_a_directory_that_nobody_serves() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(dir.path(), &[], async |store| {
        common::tenant(store).await;
    });
    fill(other.path(), &[], async |store| {
        common::tenant(store).await;
    });
    runtime().block_on(async {
        let target = Target::new().await;
        let refused = async |dir: &Path| match target.receive(dir, |_| Ok(())).await {
            Err(StoreError::Conflict(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        let serving = common::open(dir.path());
        assert!(refused(dir.path()).await.contains("in use by another meterwire process"));
        serving.close().await.unwrap();
        drop(serving);
        let served = target.open().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(refused(dir.path()).await.contains("a server is running on the target"));
        served.create_tenant("here", "Here", "UTC", common::audit("tenant.create")).await.unwrap();
        served.close().await.unwrap();
        drop(served);
        assert!(refused(dir.path()).await.contains("the target is not empty: tenant has 1 rows"));
        let client = target.database.connect().await;
        client.batch_execute("DELETE FROM tenant; DELETE FROM audit; DELETE FROM setting").await.unwrap();
        // Half of it comes, and then it is another directory, or this one after somebody wrote into it.
        let mut steps = 0;
        let cut = target.receive(dir.path(), |_| {
            steps += 1;
            if steps < 5 { Ok(()) } else { Err(cut_off()) }
        });
        assert!(cut.await.is_err());
        assert!(refused(other.path()).await.contains("another directory"));
        // A store of its own has a runtime of its own.
        let write = || {
            fill(dir.path(), &[], async |store| {
                store.create_tenant("more", "More", "UTC", common::audit("tenant.create")).await.unwrap();
            });
        };
        std::thread::scope(|scope| scope.spawn(write).join().unwrap());
        assert!(refused(dir.path()).await.contains("was changed since the move began"));
        assert!(refused(Path::new("/nowhere")).await.contains("holds no data"));
    });
}
