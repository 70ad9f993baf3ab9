//! A report leaves at least once: over the real binary and a real socket, across a kill -9 while the mail server has the mail
//! and has not answered yet.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod mail_support;

use cli_support::{ADMIN_TOKEN, Server, arg, command, run_err, run_ok};
use mail_support::{MailServer, overdue_report};
use meterwire_core::report::ReportFormat;
use meterwire_store::{OpenOptions, SqliteStore};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

fn serve(data: &Path, mail: &MailServer) -> Server {
    let mut serve = command(data.parent().unwrap());
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", arg(data)]);
    serve.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_LOG_FILTER", "warn");
    serve.env("METERWIRE_MAIL_URL", format!("smtp+plain://127.0.0.1:{}", mail.port));
    serve.env("METERWIRE_MAIL_FROM", "meterwire@example.com");
    Server::spawn(serve)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_mailed_again_after_a_kill_and_then_never_more() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let store = SqliteStore::open(OpenOptions::new(&data)).unwrap();
    overdue_report(&store, &[ReportFormat::Csv, ReportFormat::Pdf]).await;
    store.close().await.unwrap();
    let mail = MailServer::start().await;
    let mut server = serve(&data, &mail);
    // The mail is with the other side, and nobody knows whether it was taken.
    mail.wait_for(1).await;
    let path = "/api/v1/reports/r-1/deliveries?tenant=acme";
    assert_eq!(server.get(path).await["items"][0]["state"], "pending");
    server.kill();
    mail.answers.store(true, Ordering::SeqCst);
    let mut server = serve(&data, &mail);
    mail.wait_for(2).await;
    let begun = Instant::now();
    while server.get(path).await["items"][0]["state"] != "delivered" {
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.get(path).await["items"].as_array().unwrap().len(), 1, "only the newest day");
    server.kill();
    let server = serve(&data, &mail);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(mail.came().len(), 2, "what was taken is not sent again");
    drop(server);
    for text in mail.came() {
        assert!(text.contains("Subject: Daily: ") && text.contains("finance@example.com"), "{text}");
        assert!(text.contains("acme_report_") && text.contains("application/pdf"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_by_hand_goes_into_a_file_or_by_mail() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let with = |args: &[&'static str]| [args, &["--tenant", "acme", "--data-dir", "data"]].concat();
    run_ok(dir.path(), &with(&["report", "--format", "pdf", "--out", "last.pdf"]));
    assert!(std::fs::read(dir.path().join("last.pdf")).unwrap().starts_with(b"%PDF-"));
    let csv = run_ok(dir.path(), &with(&["report", "--format", "csv", "--range", "7d"]));
    assert!(csv.starts_with("day,provider,model,project,department,calls,"), "{csv}");
    assert!(
        run_err(dir.path(), &with(&["report", "--format", "csv", "--range", "8d"])).contains("range must be")
    );
    let nobody = run_err(dir.path(), &with(&["report", "--to", "finance@example.com"]));
    assert!(nobody.contains("the mail was not taken"), "{nobody}");
    let mail = MailServer::start().await;
    mail.answers.store(true, Ordering::SeqCst);
    let mut report = command(dir.path());
    report.args(with(&["report", "--to", "finance@example.com", "--format", "csv"]));
    report.env("METERWIRE_MAIL_URL", format!("smtp+plain://127.0.0.1:{}", mail.port));
    report.env("METERWIRE_MAIL_FROM", "meterwire@example.com");
    let done = tokio::task::spawn_blocking(move || report.output().unwrap()).await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stdout), "mailed\n");
    assert!(mail.came()[0].contains("acme_report_"));
    // A closed month, from the command line.
    let closed = run_ok(dir.path(), &with(&["closing", "create", "2020-02", "--json"]));
    let closed: serde_json::Value = serde_json::from_str(&closed).unwrap();
    let id = closed["id"].as_str().unwrap();
    let frozen = run_ok(dir.path(), &["closing", "statement", id, "--tenant", "acme", "--data-dir", "data"]);
    assert!(frozen.contains("\"name\":\"2020-02\""), "{frozen}");
    assert_eq!(frozen.len() as u64, closed["bytes"].as_u64().unwrap());
    assert!(run_ok(dir.path(), &with(&["closing", "list"])).contains("2020-02"));
    let shown = run_ok(dir.path(), &["closing", "adjustment", id, "--tenant", "acme", "--data-dir", "data"]);
    assert!(shown.contains("statement"), "{shown}");
    assert!(run_err(dir.path(), &with(&["closing", "create", "2020-02"])).contains("closed already"));
    run_ok(dir.path(), &["closing", "delete", id, "--tenant", "acme", "--data-dir", "data"]);
}
