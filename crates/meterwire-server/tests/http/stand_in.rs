//! A stand-in for OpenAI and Anthropic: their report routes on a port of this machine, days of data, and bad manners on
//! demand.
#![allow(dead_code, reason = "every test file uses a part of it")]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const DAY_MS: i64 = 86_400_000;
pub(crate) const KEY: &str = "sk-admin-stand-in-0123456789";

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// This status with these headers, and a body that holds the key.
    Status(u16, Vec<(&'static str, String)>),
    /// The right answer, so much later.
    Slow(Duration),
    /// The right answer without its end.
    CutOff,
    /// These bytes.
    Bytes(Vec<u8>),
    /// The right answer after this was done to it.
    Changed(fn(&mut Value)),
}

#[derive(Default)]
struct World {
    /// Results by report and day.
    days: BTreeMap<(String, i64), Vec<Value>>,
    faults: VecDeque<(&'static str, Fault)>,
    /// Paths with queries, in order.
    asked: Vec<String>,
    now_ms: i64,
    /// Buckets of a page at most, whatever is asked for.
    page_size: usize,
    /// Days beyond the end that are told too.
    days_ahead: i64,
    unknown: Vec<&'static str>,
}

/// A running stand-in.
#[derive(Clone)]
pub(crate) struct StandIn {
    world: Arc<Mutex<World>>,
    pub(crate) url: String,
}

impl StandIn {
    pub(crate) async fn start(now_ms: i64) -> Self {
        let world = Arc::new(Mutex::new(World { now_ms, page_size: 400, ..World::default() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { world, url }
    }

    /// Puts results of a report (`costs`, `completions`, `messages`, `cost_report` ..) on a day.
    pub(crate) fn put(&self, report: &str, day_ms: i64, results: Vec<Value>) {
        assert_eq!(day_ms % DAY_MS, 0);
        self.world.lock().unwrap().days.insert((report.to_owned(), day_ms), results);
    }

    /// The next request for a report goes wrong like this.
    pub(crate) fn next(&self, report: &'static str, fault: Fault) {
        self.world.lock().unwrap().faults.push_back((report, fault));
    }

    pub(crate) fn set_now(&self, now_ms: i64) {
        self.world.lock().unwrap().now_ms = now_ms;
    }

    pub(crate) fn set_page_size(&self, buckets: usize) {
        self.world.lock().unwrap().page_size = buckets;
    }

    pub(crate) fn tell_days_ahead(&self, days: i64) {
        self.world.lock().unwrap().days_ahead = days;
    }

    /// This report answers 404.
    pub(crate) fn forget(&self, report: &'static str) {
        self.world.lock().unwrap().unknown.push(report);
    }

    /// What was asked since this was last asked.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.world.lock().unwrap().asked)
    }
}

/// The name of a report in an address.
fn report_of(path: &str) -> Option<(bool, &str)> {
    if let Some(kind) = path.strip_prefix("/v1/organization/usage/") {
        return Some((true, kind));
    }
    match path {
        "/v1/organization/costs" => Some((true, "costs")),
        "/v1/organizations/usage_report/messages" => Some((false, "messages")),
        "/v1/organizations/cost_report" => Some((false, "cost_report")),
        _ => None,
    }
}

fn accepts_key(is_openai: bool, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if is_openai {
        return text("authorization") == format!("Bearer {KEY}");
    }
    text("x-api-key") == KEY && text("anthropic-version") == "2023-06-01"
}

async fn answer(State(world): State<Arc<Mutex<World>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let Some((is_openai, report)) = report_of(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let (fault, page, date) = {
        let mut world = world.lock().unwrap();
        world.asked.push(format!("{path}?{query}"));
        let at = world.faults.iter().position(|(of, _)| *of == report || *of == "*");
        let fault = at.and_then(|at| world.faults.remove(at)).map(|(_, fault)| fault);
        if world.unknown.contains(&report) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let page = if is_openai {
            openai_page(&world, report, &query)
        } else {
            anthropic_page(&world, report, &query)
        };
        let now = jiff::Timestamp::from_millisecond(world.now_ms).unwrap();
        (fault, page, DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap())
    };
    if !accepts_key(is_openai, request.headers()) {
        return (StatusCode::UNAUTHORIZED, [(header::DATE, date)], "{}").into_response();
    }
    let mut page = page;
    let bytes = match fault {
        None => page.to_string().into_bytes(),
        Some(Fault::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            page.to_string().into_bytes()
        }
        Some(Fault::Bytes(bytes)) => bytes,
        Some(Fault::Changed(change)) => {
            change(&mut page);
            page.to_string().into_bytes()
        }
        Some(Fault::CutOff) => return cut_off(page.to_string().into_bytes(), &date),
        Some(Fault::Status(status, headers)) => return refused(status, &headers, &date),
    };
    ([(header::DATE, date), (header::CONTENT_TYPE, "application/json".to_owned())], bytes).into_response()
}

fn cut_off(mut bytes: Vec<u8>, date: &str) -> Response {
    bytes.truncate(bytes.len() / 2);
    // Half of the bytes on their way, then the connection breaks.
    let pieces = futures_util::stream::unfold(Some(bytes), async |left| match left {
        Some(bytes) if !bytes.is_empty() => Some((Ok(Bytes::from(bytes)), Some(vec![]))),
        Some(_) => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Some((Err(std::io::Error::other("broken off")), None))
        }
        None => None,
    });
    Response::builder().header(header::DATE, date).body(Body::from_stream(pieces)).unwrap()
}

fn refused(status: u16, headers: &[(&'static str, String)], date: &str) -> Response {
    let mut response = Response::builder().status(status).header(header::DATE, date);
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    let body =
        json!({ "error": { "message": format!("bad key {KEY}"), "type": "x", "param": null, "code": KEY } });
    response.body(Body::from(body.to_string())).unwrap()
}

fn parameters(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn one<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The days of a page, and where the next begins.
fn days_of(world: &World, parameters: &[(String, String)], from: i64, to: i64) -> (Vec<i64>, Option<i64>) {
    let limit: usize = one(parameters, "limit").map_or(7, |limit| limit.parse().unwrap());
    assert!(limit <= 31, "providers give at most 31 days a page");
    let first =
        one(parameters, "page").map_or(from, |page| page.strip_prefix("page_").unwrap().parse().unwrap());
    let to = to + world.days_ahead * DAY_MS;
    let all: Vec<i64> = (first..to).step_by(86_400_000).collect();
    let count = limit.min(world.page_size).min(all.len());
    (all[..count].to_vec(), all.get(count).copied())
}

fn openai_page(world: &World, report: &str, query: &str) -> Value {
    let parameters = parameters(query);
    let number = |name: &str| one(&parameters, name).unwrap().parse::<i64>().unwrap() * 1000;
    let (days, next) = days_of(world, &parameters, number("start_time"), number("end_time"));
    let buckets: Vec<Value> = days
        .into_iter()
        .map(|day| {
            let results = world.days.get(&(report.to_owned(), day)).cloned().unwrap_or_default();
            json!({ "object": "bucket", "start_time": day / 1000, "end_time": (day + DAY_MS) / 1000, "results": results })
        })
        .collect();
    let next = next.map(|day| format!("page_{day}"));
    json!({ "object": "page", "data": buckets, "has_more": next.is_some(), "next_page": next })
}

fn anthropic_page(world: &World, report: &str, query: &str) -> Value {
    let parameters = parameters(query);
    let instant =
        |name: &str| one(&parameters, name).unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let (days, next) = days_of(world, &parameters, instant("starting_at"), instant("ending_at"));
    let text = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
    let buckets: Vec<Value> = days
        .into_iter()
        .map(|day| {
            let results = world.days.get(&(report.to_owned(), day)).cloned().unwrap_or_default();
            json!({ "starting_at": text(day), "ending_at": text(day + DAY_MS), "results": results })
        })
        .collect();
    let next = next.map(|day| format!("page_{day}"));
    json!({ "data": buckets, "has_more": next.is_some(), "next_page": next })
}

/// A result of completions.
pub(crate) fn completions(model: &str, requests: i64, input: i64, cached: i64, output: i64) -> Value {
    json!({ "object": "organization.usage.completions.result", "input_tokens": input, "output_tokens": output,
        "input_cached_tokens": cached, "num_model_requests": requests, "model": model, "api_key_id": null,
        "project_id": null, "user_id": null, "batch": false, "service_tier": "default", "a_new_field": { "x": [1] } })
}

/// A result of costs; `value` is put in as it is written.
pub(crate) fn costs(line_item: &str, value: &str) -> Value {
    let number: serde_json::Number = value.parse().unwrap();
    json!({ "object": "organization.costs.result", "amount": { "value": number, "currency": "usd" },
        "line_item": line_item, "project_id": null, "api_key_id": null, "quantity": 12.5, "quantity_unit": "tokens" })
}
