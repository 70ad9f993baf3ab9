//! The plain resources by the command line: on a data directory and on a running server.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, run, run_err, run_json, run_ok};
use serde_json::{Value, json};

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn tenants_are_made_listed_changed_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let run_json = |args: &[&str]| run_json(dir.path(), args);
    assert!(run_err(dir.path(), &["tenant", "list"]).contains("holds no Meterwire data"));
    let made = run_json(&["tenant", "create", "acme", "--name", "Acme Ltd", "--timezone", "Europe/Berlin"]);
    assert_eq!(
        (&made["slug"], &made["name"], &made["timezone"]),
        (&json!("acme"), &json!("Acme Ltd"), &json!("Europe/Berlin"))
    );
    run_ok(dir.path(), &["tenant", "create", "beta"]);
    assert!(run_err(dir.path(), &["tenant", "create", "acme"]).contains("acme"));
    assert!(run_err(dir.path(), &["tenant", "create", "No Slug"]).contains("slug"));
    assert!(run_err(dir.path(), &["tenant", "update", "acme"]).contains("nothing to change"));
    assert!(
        run_err(dir.path(), &["tenant", "update", "acme", "--timezone", "Mars/Base"]).contains("timezone")
    );
    run_ok(dir.path(), &["tenant", "update", "acme", "--timezone", "Asia/Kathmandu"]);
    assert_eq!(run_json(&["tenant", "show", "acme"])["timezone"], "Asia/Kathmandu");
    assert_eq!(names(&run_json(&["tenant", "list"]), "slug"), ["acme", "beta"]);
    let table = run_ok(dir.path(), &["tenant", "list"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("SLUG  NAME      TIMEZONE        CREATED"), "{table}");
    assert!(lines[1].starts_with("acme  Acme Ltd  Asia/Kathmandu  20"), "{table}");
    assert_eq!(run_ok(dir.path(), &["tenant", "delete", "beta"]), "deleted tenant beta\n");
    assert!(run_err(dir.path(), &["tenant", "show", "beta"]).contains("no such tenant"));
}

#[tokio::test]
async fn keys_are_made_shown_once_rotated_and_revoked_on_a_server() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let server = Server::start(&dir.path().join("data"));
    let with = |args: &[&str]| {
        let target = ["--url", &server.url, "--token", ADMIN_TOKEN, "--tenant", "acme"];
        [args, &target].concat().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let json =
        |args: &[&str]| run_json(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let err = |args: &[&str]| run_err(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let status = async |token: &str| {
        let me = server.http.get(format!("{}/api/v1/me", server.url)).bearer_auth(token);
        me.send().await.unwrap().status().as_u16()
    };

    let made = json(&["key", "create", "prod", "--role", "viewer"]);
    let (id, first) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap().to_owned());
    assert_eq!(status(&first).await, 200);
    let listed = json(&["key", "list"]);
    assert_eq!(names(&listed, "name"), ["prod"]);
    assert!(!listed.to_string().contains(&first), "a token is shown once");
    let second = json(&["key", "rotate", id])["token"].as_str().unwrap().to_owned();
    assert_eq!((status(&first).await, status(&second).await), (401, 200));
    json(&["key", "revoke", id]);
    assert_eq!(status(&second).await, 401);
    assert!(!json(&["key", "show", id])["revoked_at"].is_null());
    assert!(err(&["key", "rotate", id]).contains("revoked"));
    assert!(err(&["key", "create", "x", "--role", "king"]).contains("role"));
    assert!(err(&["key", "create", "x", "--role", "member"]).contains("user"));

    let wrong =
        run_err(dir.path(), &["tenant", "list", "--url", "http://127.0.0.1:9", "--token", ADMIN_TOKEN]);
    assert!(wrong.contains("no answer from http://127.0.0.1:9"), "{wrong}");
    assert!(!wrong.contains(ADMIN_TOKEN));
    assert!(run_err(dir.path(), &["tenant", "list", "--url", &server.url]).contains("--token"));
    assert!(
        run_err(dir.path(), &["tenant", "list", "--url", "127.0.0.1:1", "--token", "x"]).contains("http://")
    );
    server.stop();
}

#[test]
fn users_projects_and_prices_belong_to_a_tenant() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme"]);
    let json = |args: &[&str]| run_json(dir.path(), &[args, &["--tenant", "acme"]].concat());
    let err = |args: &[&str]| run_err(dir.path(), &[args, &["--tenant", "acme"]].concat());

    json(&["user", "create", "u-1", "--username", "Ann"]);
    assert_eq!(json(&["user", "update", "u-1", "--tier", "pro"])["tier"], "pro");
    assert_eq!(json(&["user", "show", "u-1"])["username"], "Ann");
    json(&["user", "delete", "u-1"]);
    assert!(err(&["user", "show", "u-1"]).contains("no such user"));
    assert!(run_err(dir.path(), &["user", "list"]).contains("tenant"), "there is no tenant `default`");

    json(&["project", "create", "night desk/1", "--department", "care"]);
    assert_eq!(json(&["project", "update", "night desk/1", "--team", "t"])["department"], "care");
    assert_eq!(names(&json(&["project", "list"]), "slug"), ["night desk/1"]);
    json(&["project", "delete", "night desk/1"]);

    let price =
        ["price", "create", "--provider", "openai", "--model", "gpt-4o", "--input", "2.00", "--output"];
    let made = json(&[&price[..], &["8.00", "--valid-from", "2026-01-01"]].concat());
    assert_eq!(made["valid_from"], "2026-01-01T00:00:00Z");
    assert!(err(&[&price[..], &["eight"]].concat()).contains("output"));
    let id = made["id"].as_str().unwrap();
    json(&["price", "delete", id]);
    assert_eq!(json(&["price", "list"]), json!([]));
    let book = run_json(dir.path(), &["price", "book", "--provider", "openai", "--model", "gpt-4o-mini"]);
    let known =
        book.as_array().unwrap().iter().find(|row| row["model"] == "gpt-4o-mini").expect("in the book");
    assert_eq!((&known["input"], &known["output"]), (&json!("0.15"), &json!("0.6")));
    let limited = run(dir.path(), &["price", "book", "--limit", "3"]);
    assert_eq!(String::from_utf8(limited.stdout).unwrap().lines().count(), 4);
    assert!(String::from_utf8(limited.stderr).unwrap().contains("--limit"));
    assert_eq!(
        run_json(dir.path(), &["price", "book", "--limit", "700"]).as_array().unwrap().len(),
        700,
        "over pages"
    );
}

#[test]
fn dimensions_retention_and_erasure_are_commands_too() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme"]);
    let json = |args: &[&str]| run_json(dir.path(), &[args, &["--tenant", "acme"]].concat());
    let err = |args: &[&str]| run_err(dir.path(), &[args, &["--tenant", "acme"]].concat());

    let made = json(&["dimension", "add", "region", "--property", "x-region"]);
    assert_eq!((&made["property"], &made["state"]), (&json!("x-region"), &json!("ready")));
    assert!(err(&["dimension", "add", "model"]).contains("built-in"));
    assert!(err(&["dimension", "add", "region"]).contains("already"));
    assert_eq!(names(&json(&["dimension", "list"]), "name"), ["region"]);
    let removed = run_ok(dir.path(), &["dimension", "remove", "region", "--tenant", "acme"]);
    assert_eq!(removed, "removed dimension region\n");
    assert!(err(&["dimension", "show", "region"]).contains("no such dimension"));

    let kept = run_json(dir.path(), &["tenant", "update", "acme", "--retention-days", "90"]);
    assert_eq!(kept["retention_days"], 90);
    let short = run_err(dir.path(), &["tenant", "update", "acme", "--retention-days", "7"]);
    assert!(short.contains("retention_days") && short.contains("35"), "{short}");
    let kept = run_json(dir.path(), &["tenant", "update", "acme", "--retention-days", "forever"]);
    assert_eq!(kept["retention_days"], Value::Null);

    json(&["user", "create", "u-1"]);
    assert!(err(&["user", "erase", "u-1"]).contains("--yes"));
    let erased = json(&["user", "erase", "u-1", "--yes"]);
    let pseudonym = erased["pseudonym"].as_str().unwrap();
    assert_eq!(names(&json(&["user", "list"]), "id"), [pseudonym]);
    assert!(err(&["user", "erase", "u-1", "--yes"]).contains("no such user"));
}

#[test]
fn the_price_book_needs_no_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    assert!(
        run_ok(dir.path(), &["price", "book", "--model", "claude-sonnet-4-5"]).contains("claude-sonnet-4-5")
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn every_command_has_help_with_an_example() {
    let dir = tempfile::tempdir().unwrap();
    let help = run_ok(dir.path(), &["--help"]);
    let commands = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let commands: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(commands.len() >= 14, "{commands:?}");
    for command in commands {
        let help = run_ok(dir.path(), &[command, "--help"]);
        assert!(
            help.contains("Example") && help.contains(&format!("  meterwire {command}")),
            "{command}: {help}"
        );
    }
}
