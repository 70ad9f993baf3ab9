//! Names that people give: one rule wherever something is named, and addresses that are as good as passwords.

use crate::harness::{ADMIN, Server};
use serde_json::{Value, json};

/// What is made under a name: where, of which body, the field of the name.
type Named = (&'static str, fn(&str) -> Value, &'static str);

const NAMED: &[Named] = &[
    ("/api/v1/budgets", |name| json!({ "name": name, "amount_usd": "1" }), "name"),
    ("/api/v1/channels", |name| json!({ "name": name, "type": "email", "to": ["a@b.de"] }), "name"),
    ("/api/v1/reports", |name| json!({ "name": name, "every": "day", "to": ["a@b.de"] }), "name"),
    ("/api/v1/keys", |name| json!({ "name": name, "role": "viewer" }), "name"),
    ("/api/v1/users", |name| json!({ "id": "u-1", "username": name }), "username"),
    ("/api/v1/projects", |name| json!({ "slug": "p-1", "name": name }), "name"),
    ("/api/v1/projects", |name| json!({ "slug": "p-2", "department": name }), "department"),
    ("/api/v1/projects", |name| json!({ "slug": "p-3", "team": name }), "team"),
    ("/api/v1/metrics", |name| json!({ "name": "m", "unit": name }), "unit"),
    (
        "/api/v1/providers",
        |name| json!({ "provider": "openai", "name": name, "key": "sk-admin-1", "enabled": false }),
        "name",
    ),
];

#[tokio::test]
async fn what_nobody_sees_is_in_no_name() {
    let (server, owner) = Server::with_acme().await;
    for (path, body, field) in NAMED {
        let hidden =
            ["\u{202e}", "\u{202a}", "\u{2066}", "\u{2069}", "\u{200e}", "\u{200f}", "\u{1}", "\u{85}", "\n"];
        for mark in hidden {
            for name in [format!("on{mark}call"), format!("{mark}on call"), format!("on call{mark}")] {
                let refused = server.post(path, &owner, &body(&name)).await;
                assert_eq!(refused.refusal(), (422, "invalid_value", *field), "{path} {name:?}");
            }
        }
        for nothing in ["", "   ", "\u{a0}"] {
            assert_eq!(
                server.post(path, &owner, &body(nothing)).await.refusal().0,
                422,
                "{path} {nothing:?}"
            );
        }
        let made = server.post(path, &owner, &body("  Zoë on call \u{3000}")).await;
        assert_eq!(made.status, 201, "{path} {made:?}");
        assert_eq!(made.json[field], "Zoë on call", "{path}");
    }
    for tenant in ["a\u{202e}b", " \u{200f}"] {
        let refused =
            server.post("/api/v1/tenants", ADMIN, &json!({ "slug": "other", "name": tenant })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "name"));
    }
    let property = json!({ "name": "feature", "property": "fea\u{202e}ture" });
    let refused = server.post("/api/v1/dimensions", &owner, &property).await;
    assert_eq!(refused.refusal(), (422, "invalid_value", "property"));
    for name in ["a\u{202e}b", " a", "a "] {
        let refused = server.post("/api/v1/dimensions", &owner, &json!({ "name": name })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "name"), "{name:?}");
    }
}

#[tokio::test]
async fn what_is_renamed_keeps_the_rule() {
    let (server, owner) = Server::with_acme().await;
    for (path, body, field) in NAMED.iter().filter(|(path, ..)| !path.ends_with("/keys")) {
        let made = server.post(path, &owner, &body("first")).await;
        assert_eq!(made.status, 201, "{path} {made:?}");
        let id = ["id", "slug", "name"].iter().find_map(|key| made.json[*key].as_str()).unwrap();
        let path = format!("{path}/{id}");
        let refused = server.patch(&path, &owner, &json!({ *field: "se\u{202e}cond" })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", *field), "{path}");
        let renamed = server.patch(&path, &owner, &json!({ *field: " second " })).await;
        assert_eq!((renamed.status.as_u16(), &renamed.json[field]), (200, &json!("second")), "{path}");
    }
    let renamed = server.patch("/api/v1/tenants/acme", &owner, &json!({ "name": " Acme " })).await;
    assert_eq!(renamed.json["name"], "Acme");
}

/// Users and projects that events have named are there under that name, whatever it is.
#[tokio::test]
async fn what_events_named_can_be_changed() {
    let (server, owner) = Server::with_acme().await;
    let event =
        json!({ "id": "1", "user": " u\u{200f} ", "project": " p\u{200f} ", "metrics": { "api_calls": 1 } });
    server.record(&owner, &event).await;
    let user = server.patch("/api/v1/users/%20u%E2%80%8F%20", &owner, &json!({ "tier": "pro" })).await;
    assert_eq!((user.status.as_u16(), &user.json["tier"]), (200, &json!("pro")), "{user:?}");
    let project = server.patch("/api/v1/projects/%20p%E2%80%8F%20", &owner, &json!({ "team": "a" })).await;
    assert_eq!((project.status.as_u16(), &project.json["team"]), (200, &json!("a")), "{project:?}");
}

#[tokio::test]
async fn a_title_holds_no_marks_that_an_event_brought() {
    let (server, owner) = Server::with_acme().await;
    crate::alerts::raise(&server, &owner, "gpt\u{202e}4").await;
    let listed = server.get("/api/v1/alerts", &owner).await;
    let title = listed.json["items"][0]["title"].as_str().unwrap();
    assert!(title.contains("gpt 4") && !title.contains('\u{202e}'), "{title:?}");
}

#[tokio::test]
async fn the_whole_address_of_a_webhook_is_for_owners() {
    let (server, owner) = Server::with_acme().await;
    let viewer = server.key("acme", "viewer", None).await;
    let url = "https://hooks.example.com:8443/T/path-part?token=query-part#x";
    let hook = json!({ "name": "hook", "type": "webhook", "url": url });
    let made = server.post("/api/v1/channels", &owner, &hook).await;
    let slack =
        json!({ "name": "slack", "type": "slack", "url": "https://hooks.slack.com/services/slack-part" });
    assert_eq!(server.post("/api/v1/channels", &owner, &slack).await.status, 201);
    let mail = json!({ "name": "mail", "type": "email", "to": ["ops@example.com"] });
    assert_eq!(server.post("/api/v1/channels", &owner, &mail).await.status, 201);
    let one = format!("/api/v1/channels/{}", made.json["id"].as_str().unwrap());
    for path in ["/api/v1/channels", &one] {
        let shown = server.get(path, &viewer).await;
        let text = String::from_utf8(shown.bytes).unwrap();
        assert!(
            !["path-part", "query-part", "slack-part", "#x"].iter().any(|part| text.contains(part)),
            "{text}"
        );
        assert!(text.contains(r#""url":"https://hooks.example.com:8443""#), "{text}");
    }
    let listed = server.get("/api/v1/channels", &viewer).await;
    let items = listed.json["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["to"] == json!(["ops@example.com"])), "{listed:?}");
    for token in [owner.as_str(), ADMIN] {
        let shown = server.get(&format!("{one}?tenant=acme"), token).await;
        assert_eq!(shown.json["url"], url);
    }
}
