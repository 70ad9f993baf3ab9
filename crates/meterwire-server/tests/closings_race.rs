//! Many close the same month at once: one does, the others are told so, and nobody has to read about it in the log.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, arg, command, run_json};
use serde_json::{Value, json};
use std::fs::File;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_closings_wins_and_the_log_stays_silent() {
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, log) = (dir.path().join("data"), dir.path().join("log"));
    let mut command = command(dir.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", arg(&data_dir)]);
    command.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_LOG_FILTER", "warn");
    command.stderr(File::create(&log).unwrap());
    let server = Server::spawn(command);
    server.post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
    let event = |number: usize| {
        let day = 1 + number % 28;
        json!({ "id": number.to_string(), "time": format!("2026-01-{day:02}T12:00:00Z"), "project": format!("p-{}", number % 50),
            "model": "gpt-4o", "usage": { "input_tokens": 1000, "output_tokens": 10 } })
    };
    let events: Vec<Value> = (0..2000).map(event).collect();
    server.post("/api/v1/events?tenant=acme", &json!(events)).await;
    for round in 0..5 {
        let close = |number: usize| {
            let request = server.http.post(format!("{}/api/v1/closings?tenant=acme", server.url));
            let request = request.bearer_auth(ADMIN_TOKEN).json(&json!({ "month": "2026-01" }));
            // Others write meanwhile, in the same transactions.
            let id = format!("late-{round}-{number}");
            let late = json!({ "id": id, "time": "2026-01-05T12:00:00Z", "cost_usd": "0.01" });
            let late = server.http.post(format!("{}/api/v1/events?tenant=acme", server.url)).json(&late);
            let late = late.bearer_auth(ADMIN_TOKEN).send();
            async move {
                let (closed, late) = tokio::join!(request.send(), late);
                assert_eq!(late.unwrap().status(), 200);
                let closed = closed.unwrap();
                (closed.status().as_u16(), closed.json::<Value>().await.unwrap())
            }
        };
        let answers = futures_util::future::join_all((0..12).map(close)).await;
        let won: Vec<&Value> =
            answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        for (status, body) in answers.iter().filter(|(status, _)| *status != 201) {
            assert_eq!((*status, &body["detail"]["code"]), (409, &json!("conflict")), "{body}");
        }
        let id = won[0]["id"].as_str().unwrap();
        let url = format!("{}/api/v1/closings/{id}?tenant=acme", server.url);
        if round < 4 {
            assert_eq!(server.http.delete(url).bearer_auth(ADMIN_TOKEN).send().await.unwrap().status(), 204);
        }
    }
    server.stop();
    let told = std::fs::read_to_string(&log).unwrap();
    assert!(!told.contains("WARN") && !told.contains("ERROR"), "{told}");
    // The doctor recounts the closing: its bytes, and that with the late events it makes today's totals.
    let seen = run_json(dir.path(), &["doctor", "--data-dir", arg(&data_dir)]);
    assert_eq!(seen["found"], 0, "{seen}");
}
