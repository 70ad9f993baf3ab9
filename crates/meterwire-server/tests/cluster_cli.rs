//! The command line on a cluster: what works there as on a directory, and what says what to do instead.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::command;
use cluster_support::World;
use serde_json::json;
use std::process::Output;

fn ran(world: &World, args: &[&str]) -> (bool, String, String) {
    said(&world.command(None).args(args).output().unwrap())
}

fn said(output: &Output) -> (bool, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_on_a_cluster_with_and_without_servers() {
    let world = World::new().await;
    let before = world.run_json(&["migrate", "status"]);
    assert_eq!(before[0], json!({ "number": 1, "name": "0001_init", "applied": false }));
    assert_eq!(world.run_json(&["migrate", "up"])[0]["applied"], true);
    world.run_json(&["tenant", "create", "acme"]);
    let events =
        "id,when,model,tokens\n1,2026-11-01T10:00:00Z,gpt-4o,1000\n2,2026-11-01T11:00:00Z,gpt-4o,500\n";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("events.csv");
    std::fs::write(&file, events).unwrap();
    let mapping = "id=id,time=when,model=model,input_tokens=tokens";
    let file = file.to_str().unwrap();
    let import = ["import", file, "--format", "csv", "--tenant", "acme", "--map", mapping];
    let imported = world.run_json(&[&import[..], &["--set", "source=old,provider=openai"]].concat());
    assert_eq!(imported["stored"], 2, "{imported}");
    let server = world.start();
    let answer = server
        .get("/api/v1/usage/query?tenant=acme&from=2026-10-01&to=2026-12-01&metrics=calls,tokens")
        .await;
    assert_eq!(
        (&answer["total"]["calls"], &answer["total"]["tokens"]),
        (&json!(2), &json!(1500)),
        "{answer}"
    );
    // Beside a server too, and what it does is there at once.
    let listed = world.run_json(&["tenant", "list"]);
    assert!(listed.to_string().contains("\"acme\""), "{listed}");
    let (done, exported, _) =
        ran(&world, &["export", "--tenant", "acme", "--from", "2026-10-01", "--to", "2026-12-01"]);
    assert!(done && exported.lines().count() == 3, "{exported}");
    let (done, _, refused) = ran(&world, &["migrate", "down"]);
    assert!(!done && refused.contains("stop them first"), "{refused}");
    server.stop();
    let (done, _, error) = ran(&world, &["migrate", "down", "--to", "0"]);
    assert!(done, "{error}");
    assert_eq!(world.run_json(&["migrate", "status"])[0]["applied"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_directory_has_a_cluster_says_what_to_do_instead() {
    let world = World::new().await;
    for (args, instead) in [
        (&["backup", "copy"][..], "pg_basebackup"),
        (&["restore", "copy"], "first PostgreSQL, then ClickHouse"),
        (&["erase", "--yes"], "DROP DATABASE"),
    ] {
        let (done, _, error) = ran(&world, args);
        assert!(!done && error.contains(instead), "{args:?}: {error}");
    }
    // A directory that is named is meant.
    let (done, _, error) = ran(&world, &["tenant", "create", "acme", "--data-dir", "data"]);
    assert!(done, "{error}");
    let (done, listed, _) = ran(&world, &["tenant", "list", "--data-dir", "data"]);
    assert!(done && listed.contains("acme"), "{listed}");
    assert!(!world.run_json(&["tenant", "list"]).to_string().contains("acme"));
}

#[test]
fn a_configuration_that_cannot_be_is_told_and_hides_its_passwords() {
    let dir = tempfile::tempdir().unwrap();
    let away = "postgres://meterwire:hidden-1@127.0.0.1:1/usage";
    let key = "0a".repeat(32);
    let all = [
        ("METERWIRE_STORAGE_KIND", "cluster"),
        ("METERWIRE_STORAGE_POSTGRES", away),
        ("METERWIRE_STORAGE_CLICKHOUSE", "http://meterwire:hidden-2@127.0.0.1:1"),
        ("METERWIRE_SECRETS_KEY", &key),
    ];
    let with = |changed: Option<(&str, &str)>| {
        let mut serve = command(dir.path());
        serve.args(["serve", "--listen", "127.0.0.1:0"]).envs(all);
        serve.envs(changed);
        let (done, out, error) = said(&serve.output().unwrap());
        assert!(!done && !format!("{out}{error}").contains("hidden"), "{out}{error}");
        error
    };
    for (changed, told) in [
        (("METERWIRE_SECRETS_KEY", ""), "write secrets.key"),
        (("METERWIRE_STORAGE_POSTGRES", ""), "write storage.postgres"),
        (("METERWIRE_STORAGE_POSTGRES", "postgres://u:hidden?3@db/x"), "%XX"),
        (("METERWIRE_STORAGE_CLICKHOUSE", ""), "write storage.clickhouse"),
        (("METERWIRE_STORAGE_CLICKHOUSE", "http://a:1,http://b:1"), "storage.clickhouse_cluster"),
        (("METERWIRE_STORAGE_KIND", "embedded"), "storage.postgres is set"),
        (("METERWIRE_STORAGE_KIND", "claster"), "claster"),
    ] {
        let error = with(Some(changed));
        assert!(error.contains(told), "{changed:?}: {error}");
    }
    assert!(with(None).contains("PostgreSQL"), "nobody is there");
    let mut without_key = command(dir.path());
    without_key.args(["serve"]).envs(all).env_remove("METERWIRE_SECRETS_KEY");
    let (_, _, error) = said(&without_key.output().unwrap());
    assert!(error.contains("secrets.key") && error.contains("openssl rand"), "{error}");
}
