//! The cluster store passes the suite that every store must pass, on the oldest ClickHouse that it is for and on the present one.

mod common;

use common::engines;
use common::servers::{open, options};
use meterwire_app::conformance::Stores;
use meterwire_store::ClusterOptions;
use std::sync::Arc;
use std::time::Duration;

async fn on(tables: engines::ClickHouse) -> Stores {
    let database = engines::Postgres::empty().await;
    let options = ClusterOptions {
        // So that rules meet both what has gone to ClickHouse and what has not.
        flush_every: Duration::from_millis(100),
        ..options(database.url(), &tables)
    };
    let store = Arc::new(open(options).await);
    Stores::of(store, (database, tables))
}

// Random input is checked on fewer cases than on the embedded store: an answer takes these engines 10 to 20 ms, most of it
// to make a plan. `cluster/usage/tests` checks the same answers on more of them, without PostgreSQL.

/// PostgreSQL and two shards of the old ClickHouse.
mod two_shards {
    use super::{Stores, engines, on};

    async fn make() -> Stores {
        on(engines::ClickHouse::shards()).await
    }

    meterwire_app::conformance_tests!(make, one in 3);
}

/// PostgreSQL and one shard of the present engine, which does one statement at a time.
mod present_engine {
    use super::{Stores, engines, on};

    async fn make() -> Stores {
        on(engines::ClickHouse::chdb()).await
    }

    meterwire_app::conformance_tests!(make, one in 8);
}
