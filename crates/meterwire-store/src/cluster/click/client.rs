//! A small client of ClickHouse's HTTP interface, for versions from 18.16 on.
//!
//! - Everything is bounded: the time of a statement, here and there, and the size of its answer.
//! - Questions name themselves, so that one that nobody waits for any more is killed; they are tried once more by way of
//!   another shard where one cannot be reached. Inserts and commands are never tried again here: what became of one whose
//!   answer was lost is not known, and who sent it knows what to do then (a batch gets a new number).
//! - An answer is held back by ClickHouse until it is whole (`wait_end_of_query`), or an error could stand in its middle.

use super::ddl::Schema;
use super::error::{MAX_ANSWER, MAX_ERROR, lost, refusal, refused_by};
use crate::error::failed;
use meterwire_app::ports::StoreResult;
use reqwest::redirect::Policy;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub(crate) use super::error::{ClickError, ClickResult};

const CONNECT: Duration = Duration::from_secs(1);
/// How long a statement may take in making tables.
const ENSURE: Duration = Duration::from_secs(30);
/// How long killing a question may take.
const KILL: Duration = Duration::from_secs(2);
/// A question that is not answered by then is waited for only while all shards answer to something less:
const SILENCE: Duration = Duration::from_secs(2);
/// nothing at all, within this.
const PING: Duration = Duration::from_secs(2);
/// The longest statement, in bytes; ClickHouse takes 256 KiB by default.
const MAX_STATEMENT: usize = 16 << 20;
/// Lists of numbers count as so many parts of a statement.
const MAX_PARTS: usize = 4_000_000;
/// Questions of this process that are asked at once; others wait.
const MAX_AT_ONCE: usize = 16;

/// Where ClickHouse is.
#[derive(Debug, Clone)]
pub(crate) struct ClickOptions {
    /// The HTTP interface of each shard, `http://user:password@host:8123`, in an order that must never change: where an
    /// event is follows from it.
    pub(crate) shards: Vec<String>,
    /// Where our tables are there.
    pub(crate) schema: Schema,
}

/// ClickHouse, all shards of it.
pub(crate) struct Clicks {
    http: reqwest::Client,
    shards: Vec<reqwest::Url>,
    schema: Schema,
    questions: Semaphore,
    /// The shard that the next question begins with.
    next: AtomicUsize,
    /// What the names of this process's statements begin with, and how many it has named.
    name: u64,
    named: AtomicU64,
}

/// A statement on its way.
struct Statement {
    shard: usize,
    /// Known to ClickHouse; none for what is not to be killed.
    name: Option<String>,
    /// In the address, where the body has rows.
    query: Option<String>,
    body: reqwest::Body,
    within: Duration,
    reads: bool,
}

impl Clicks {
    /// A client; nothing is sent yet. An error where an address cannot be one.
    pub(crate) fn new(options: ClickOptions) -> StoreResult<Self> {
        // Fails where the process has chosen its provider already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).no_proxy();
        let http = http.build().map_err(|error| failed(format!("no client of ClickHouse: {error}")))?;
        let parse = |address: &String| {
            let url = reqwest::Url::parse(address).ok().filter(|url| url.scheme().starts_with("http"));
            // Not the address: it may have a password in it.
            url.ok_or_else(|| failed("an address of ClickHouse is not http://host:port"))
        };
        let shards = options.shards.iter().map(parse).collect::<StoreResult<Vec<_>>>()?;
        if shards.is_empty() || (shards.len() > 1 && options.schema.cluster().is_none()) {
            return Err(failed(
                "ClickHouse needs the address of each shard, and the name of the cluster for more than one",
            ));
        }
        Ok(Self {
            http,
            shards,
            schema: options.schema,
            questions: Semaphore::new(MAX_AT_ONCE),
            next: AtomicUsize::new(0),
            name: RandomState::new().hash_one(0),
            named: AtomicU64::new(0),
        })
    }

    /// How many shards there are; they are numbered from 0.
    pub(crate) fn shards(&self) -> usize {
        self.shards.len()
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Makes our tables on every shard where they are not there, and refuses those that are there in another form.
    pub(crate) async fn ensure(&self) -> ClickResult<()> {
        for shard in 0..self.shards() {
            for statement in self.schema.statements() {
                self.command(shard, statement, ENSURE).await?;
            }
            self.check_columns(shard).await?;
            self.check_cluster(shard).await?;
        }
        Ok(())
    }

    async fn check_columns(&self, shard: usize) -> ClickResult<()> {
        for (table, columns) in self.schema.expected() {
            let found =
                self.ask_shard(shard, format!("DESCRIBE TABLE {table} FORMAT TabSeparated"), ENSURE).await?;
            let found = String::from_utf8_lossy(&found);
            let mut lines = found.lines();
            for column in &columns {
                let is = lines.next().unwrap_or_default();
                if !is.starts_with(&format!("{}\t{}\t", column.name, column.kind)) {
                    let wanted = format!("{} {}", column.name, column.kind);
                    return Err(refusal(format!(
                        "{table} should have the column {wanted} where it has {is:?}"
                    )));
                }
            }
        }
        Ok(())
    }

    async fn check_cluster(&self, shard: usize) -> ClickResult<()> {
        let Some(cluster) = self.schema.cluster() else { return Ok(()) };
        let sql = format!(
            "SELECT count() FROM (SELECT DISTINCT shard_num FROM system.clusters WHERE cluster = '{cluster}') \
             FORMAT TabSeparated"
        );
        let found = self.ask_shard(shard, sql, ENSURE).await?;
        let (found, wanted) = (String::from_utf8_lossy(&found), self.shards());
        if found.trim() == wanted.to_string() {
            return Ok(());
        }
        let found = found.trim();
        Err(refusal(format!("its cluster {cluster} has {found} shards, there are addresses of {wanted}")))
    }

    /// Sends rows. Neither an error nor a lost answer tells whether some of them are there.
    pub(crate) async fn insert(
        &self,
        shard: usize,
        sql: String,
        rows: Vec<u8>,
        within: Duration,
    ) -> ClickResult<()> {
        let statement =
            Statement { shard, name: None, query: Some(sql), body: rows.into(), within, reads: false };
        self.send(statement).await.map(drop)
    }

    /// Runs a statement that changes something on one shard.
    pub(crate) async fn command(&self, shard: usize, sql: String, within: Duration) -> ClickResult<()> {
        let statement = Statement { shard, name: None, query: None, body: sql.into(), within, reads: false };
        self.send(statement).await.map(drop)
    }

    /// Asks one shard about what it has itself.
    pub(crate) async fn ask_shard(
        &self,
        shard: usize,
        sql: String,
        within: Duration,
    ) -> ClickResult<Vec<u8>> {
        self.ask_named(shard, sql, within).await
    }

    /// Asks about all shards, by way of any; the statement names tables of [`Schema::all`]. `until` is the end of patience.
    pub(crate) async fn ask(&self, sql: String, until: Instant) -> ClickResult<Vec<u8>> {
        let turn = tokio::time::timeout_at(until, self.questions.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(ClickError::Late) };
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut tried = 0;
        loop {
            let within = until.saturating_duration_since(Instant::now());
            let shard = (first.wrapping_add(tried)) % self.shards();
            match self.ask_named(shard, sql.clone(), within).await {
                Err(ClickError::Unreachable(_)) if tried == 0 => tried += 1,
                answer => return answer,
            }
        }
    }

    async fn ask_named(&self, shard: usize, sql: String, within: Duration) -> ClickResult<Vec<u8>> {
        let number = self.named.fetch_add(1, Ordering::Relaxed);
        let name = format!("meterwire-{:016x}-{number}", self.name);
        let mut unanswered = Unanswered { clicks: self, shard, name: Some(name.clone()) };
        let statement =
            Statement { shard, name: Some(name), query: None, body: sql.into(), within, reads: true };
        let answer = self.send(statement).await;
        if !matches!(answer, Err(ClickError::Late | ClickError::TooLarge)) {
            unanswered.name = None;
        }
        answer
    }

    async fn send(&self, statement: Statement) -> ClickResult<Vec<u8>> {
        let Statement { shard, name, query, body, within, reads } = statement;
        let url = self.shards.get(shard).ok_or_else(|| refusal("there is no such shard".to_owned()))?;
        let mut request = self.http.post(url.clone()).timeout(within).body(body);
        request = request.query(&self.settings(within, reads));
        if let Some(name) = &name {
            request = request.query(&[("query_id", name)]);
        }
        if let Some(query) = &query {
            request = request.query(&[("query", query)]);
        }
        if !reads {
            return received(request).await;
        }
        let mut answer = Box::pin(received(request));
        loop {
            if let Ok(answer) = tokio::time::timeout(SILENCE, &mut answer).await {
                return answer;
            }
            tokio::select! {
                biased;
                answer = &mut answer => return answer,
                alive = Box::pin(self.all_alive()) => alive?,
            }
        }
    }

    /// Whether all shards answer to anything: one that is there and silent is told so from one at work.
    async fn all_alive(&self) -> ClickResult<()> {
        let ping = |shard: &reqwest::Url| {
            let url = shard.join("/ping").map_err(|_| refusal("an address cannot be extended".to_owned()));
            async move { self.http.get(url?).timeout(PING).send().await.map(drop).map_err(lost) }
        };
        futures_util::future::try_join_all(self.shards.iter().map(ping)).await.map(drop)
    }

    /// Settings of a statement.
    fn settings(&self, within: Duration, reads: bool) -> Vec<(&'static str, String)> {
        let mut settings = vec![
            ("wait_end_of_query", "1".to_owned()),
            ("max_execution_time", within.as_secs().max(1).to_string()),
            ("max_query_size", MAX_STATEMENT.to_string()),
            ("max_ast_elements", MAX_PARTS.to_string()),
            ("max_expanded_ast_elements", MAX_PARTS.to_string()),
        ];
        if self.schema.is_replicated() {
            // A replica that lags must not answer for a batch that the manifest names.
            let settings_of = if reads { QUESTION_OF_REPLICAS } else { INSERT_INTO_REPLICAS };
            settings.extend(settings_of.iter().map(|(name, value)| (*name, (*value).to_owned())));
        }
        settings
    }

    async fn kill(http: reqwest::Client, url: reqwest::Url, name: String) {
        // Our own names alone: nothing in them needs to be quoted.
        let sql = format!("KILL QUERY WHERE query_id = '{name}' ASYNC");
        if let Err(error) = http.post(url).timeout(KILL).body(sql).send().await {
            let error = error.without_url();
            tracing::debug!(%error, "a question that nobody waits for could not be killed");
        }
    }
}

/// The whole answer of a request.
async fn received(request: reqwest::RequestBuilder) -> ClickResult<Vec<u8>> {
    let mut response = request.send().await.map_err(lost)?;
    let refused = !response.status().is_success();
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if answer.len() + chunk.len() > MAX_ANSWER {
            return Err(ClickError::TooLarge);
        }
        answer.extend_from_slice(&chunk);
        if refused && answer.len() > MAX_ERROR {
            break;
        }
    }
    if refused { Err(refused_by(&answer)) } else { Ok(answer) }
}

const QUESTION_OF_REPLICAS: &[(&str, &str)] = &[("select_sequential_consistency", "1")];
const INSERT_INTO_REPLICAS: &[(&str, &str)] =
    &[("insert_quorum", "auto"), ("insert_quorum_parallel", "0"), ("insert_deduplicate", "0")];

/// A question that runs; killed where it is dropped before its answer.
struct Unanswered<'a> {
    clicks: &'a Clicks,
    shard: usize,
    /// None once it is answered.
    name: Option<String>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else { return };
        let Some(url) = self.clicks.shards.get(self.shard) else { return };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(Clicks::kill(self.clicks.http.clone(), url.clone(), name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_never_told() {
        let schema = Schema::new("meterwire").unwrap();
        let refused = |shards: &[&str]| {
            let shards = shards.iter().map(ToString::to_string).collect();
            let options = ClickOptions { shards, schema: schema.clone() };
            Clicks::new(options).err().map(|error| format!("{error:?}"))
        };
        assert!(refused(&["http://a:8123"]).is_none());
        assert!(refused(&[]).is_some());
        assert!(refused(&["http://a:8123", "http://b:8123"]).is_some(), "no name of a cluster");
        assert!(!refused(&["ftp://me:secret@a"]).unwrap().contains("secret"));
    }

    #[tokio::test]
    async fn who_is_not_there_is_unreachable() {
        let shards = vec!["http://me:secret@127.0.0.1:1".to_owned()];
        let clicks = Clicks::new(ClickOptions { shards, schema: Schema::new("meterwire").unwrap() }).unwrap();
        let error = clicks.command(0, "SELECT 1".to_owned(), CONNECT).await.unwrap_err();
        assert!(matches!(error, ClickError::Unreachable(_)), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
    }
}
