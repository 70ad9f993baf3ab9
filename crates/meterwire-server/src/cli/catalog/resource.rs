//! What the plain resources have in common: listing, showing, making, changing and deleting over the contract.

use super::{Common, TargetArgs};
use crate::cli::output::{cell, print, print_json, table};
use crate::cli::target::{Download, Missing, Target, encode};
use axum::http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The largest page that the contract gives.
const PAGE_ROWS: u32 = 500;

/// A plain resource.
pub(in crate::cli) struct Resource {
    /// Its word.
    pub noun: &'static str,
    /// Where it lives.
    pub path: &'static str,
    /// Columns of its table: header and field.
    pub columns: &'static [(&'static str, &'static str)],
}

/// An opened target with what every request of a command carries.
pub(in crate::cli) struct Session {
    target: Target,
    tenant: Option<String>,
    json: bool,
}

impl Session {
    /// Opens the target. A command that `creates` may begin a data directory.
    pub(in crate::cli) async fn open(
        args: &TargetArgs,
        tenant: Option<String>,
        json: bool,
        creates: bool,
    ) -> Result<Self, String> {
        let missing = if creates { Missing::Create } else { Missing::Refuse };
        Ok(Self { target: Target::open(args, missing).await?, tenant, json })
    }

    /// The same where a store is opened with all settings, those of the mail server too.
    pub(in crate::cli) async fn of_tenant_mailing(common: Common) -> Result<Self, String> {
        let target = Target::open_mailing(&common.target, Missing::Refuse).await?;
        let tenant = common.tenant.or_else(|| (!target.is_server()).then(|| "default".to_owned()));
        Ok(Self { target, tenant, json: common.json })
    }

    /// The same for what belongs to one tenant: `default` where a data directory's is not named.
    pub(in crate::cli) async fn of_tenant(common: Common) -> Result<Self, String> {
        let mut session = Self::open(&common.target, common.tenant, common.json, false).await?;
        if session.tenant.is_none() && !session.target.is_server() {
            session.tenant = Some("default".to_owned());
        }
        Ok(session)
    }

    /// Closes the target; what went wrong first is told.
    pub(in crate::cli) async fn close(self, done: Result<(), String>) -> Result<(), String> {
        let closed = self.target.close().await;
        done.and(closed)
    }

    pub(in crate::cli) async fn list(
        &self,
        resource: &Resource,
        filters: &[(&str, Option<String>)],
        limit: u32,
    ) -> Result<(), String> {
        let items = self.rows(resource.path, filters, limit).await?;
        self.say_rows(resource, items)
    }

    /// The rows of a list, over as many pages as it takes; says where there are more.
    pub(in crate::cli) async fn rows(
        &self,
        path: &str,
        filters: &[(&str, Option<String>)],
        limit: u32,
    ) -> Result<Vec<Value>, String> {
        let mut items: Vec<Value> = Vec::new();
        let mut cursor: Option<String> = None;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        loop {
            let left = wanted - items.len();
            let page = u32::try_from(left).unwrap_or(PAGE_ROWS).min(PAGE_ROWS).to_string();
            let mut query = vec![("limit", Some(page)), ("cursor", cursor.take())];
            query.extend(filters.iter().map(|(name, value)| (*name, value.clone())));
            let mut answer = self.target.call(Method::GET, &self.path(path, &query), None).await?;
            if let Value::Array(rows) = answer["items"].take() {
                items.extend(rows);
            }
            cursor = answer["nextCursor"].as_str().map(str::to_owned);
            if cursor.is_none() || items.len() >= wanted {
                break;
            }
        }
        if cursor.is_some() {
            eprintln!("there are more; raise --limit");
        }
        Ok(items)
    }

    pub(in crate::cli) async fn show(&self, resource: &Resource, id: &str) -> Result<(), String> {
        let row = self.target.call(Method::GET, &self.one(resource, id), None).await?;
        self.say(&row)
    }

    pub(in crate::cli) async fn create(&self, resource: &Resource, body: &Value) -> Result<(), String> {
        let row = self.target.call(Method::POST, &self.path(resource.path, &[]), Some(body)).await?;
        self.say(&row)
    }

    pub(in crate::cli) async fn change(
        &self,
        method: Method,
        resource: &Resource,
        id: &str,
        body: &Value,
    ) -> Result<(), String> {
        if body.as_object().is_some_and(Map::is_empty) {
            return Err("nothing to change was given; see --help".into());
        }
        let row = self.target.call(method, &self.one(resource, id), Some(body)).await?;
        self.say(&row)
    }

    pub(in crate::cli) async fn rotate(&self, resource: &Resource, id: &str) -> Result<(), String> {
        let path = self.path(&format!("{}/{}/rotate", resource.path, encode(id)), &[]);
        let row = self.target.call(Method::POST, &path, None).await?;
        self.say(&row)
    }

    /// Does something to one of them that is no plain change.
    pub(in crate::cli) async fn act(
        &self,
        resource: &Resource,
        id: &str,
        verb: &str,
        body: &Value,
    ) -> Result<(), String> {
        let path = self.path(&format!("{}/{}/{verb}", resource.path, encode(id)), &[]);
        let row = self.target.call(Method::POST, &path, Some(body)).await?;
        self.say(&row)
    }

    pub(in crate::cli) async fn delete(
        &self,
        resource: &Resource,
        id: &str,
        done: &str,
    ) -> Result<(), String> {
        self.target.call(Method::DELETE, &self.one(resource, id), None).await?;
        if self.json {
            return print_json(&json!({ done: id }));
        }
        print(&format!("{done} {} {id}\n", resource.noun))
    }

    fn one(&self, resource: &Resource, id: &str) -> String {
        self.path(&format!("{}/{}", resource.path, encode(id)), &[])
    }

    /// Asks and expects success.
    pub(in crate::cli) async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, Option<String>)],
        body: Option<&Value>,
    ) -> Result<Value, String> {
        self.target.call(method, &self.path(path, query), body).await
    }

    /// The same where every digit of the answer's numbers counts.
    pub(in crate::cli) async fn ask_exact<T: Serialize, A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&T>,
    ) -> Result<A, String> {
        self.target.call_exact(method, &self.path(path, &[]), body).await
    }

    /// Asks for a file, which is read as it comes.
    pub(in crate::cli) async fn download(
        &self,
        path: &str,
        query: &[(&str, Option<String>)],
    ) -> Result<Download, String> {
        self.target.download(&self.path(path, query)).await
    }

    /// On a data directory, has the providers asked for whatever is due; a running server does so by itself.
    pub(in crate::cli) async fn ask_providers(&self) -> Result<(), String> {
        let Target::Store(instance) = &self.target else { return Ok(()) };
        while instance.app.run_report_step().await.map_err(|error| error.to_string())? {}
        Ok(())
    }

    /// On a data directory, one round of re-ratings that go on; `false` on a server, which does so by itself.
    pub(in crate::cli) async fn run_rerating_round(&self) -> Result<bool, String> {
        let Target::Store(instance) = &self.target else { return Ok(false) };
        instance.app.run_rerating_jobs().await.map_err(|error| error.to_string())?;
        Ok(true)
    }

    /// Whether JSON is to be printed.
    pub(in crate::cli) fn json(&self) -> bool {
        self.json
    }

    fn path(&self, path: &str, query: &[(&str, Option<String>)]) -> String {
        let tenant = [("tenant", self.tenant.clone())];
        let given = tenant.iter().chain(query).filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let pairs: Vec<String> = given.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn say_rows(&self, resource: &Resource, items: Vec<Value>) -> Result<(), String> {
        if self.json {
            return print_json(&Value::Array(items));
        }
        if items.is_empty() {
            eprintln!("no {}", resource.noun);
            return Ok(());
        }
        let header: Vec<&str> = resource.columns.iter().map(|(header, _)| *header).collect();
        let row = |item: &Value| resource.columns.iter().map(|(_, field)| cell(&item[*field])).collect();
        print(&table(Some(&header), &items.iter().map(row).collect::<Vec<_>>()))
    }

    /// One row: a line a field.
    fn say(&self, row: &Value) -> Result<(), String> {
        if self.json {
            return print_json(row);
        }
        let fields = row.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        print(&table(None, &fields.map(|(name, value)| vec![name.clone(), cell(value)]).collect::<Vec<_>>()))
    }
}

/// A body of the fields that were given.
pub(in crate::cli) fn body(fields: &[(&str, Option<String>)]) -> Value {
    let given =
        fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), Value::from(value.clone()?))));
    Value::Object(given.collect())
}
