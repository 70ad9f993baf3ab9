//! The statements that both stores run are one text: each is prepared here by SQLite and by PostgreSQL, with the schemas
//! of the stores. What only the embedded store runs stands in `sql/sqlite/`.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;
// As the store itself translates.
#[path = "../src/sql/postgres/dialect.rs"]
mod dialect;

use common::engines::Postgres;
use std::fmt::Write as _;
use std::path::Path;
use tokio_postgres::types::Type;

/// A statement, and where it stands: its file's path below `sql/`, or the Rust file.
struct Statement {
    path: String,
    sql: String,
}

/// Folders of the crate's code that are one store's own. Their statements are of one engine.
const OF_ONE_STORE: [&str; 3] = ["sqlite", "cluster", "sql"];
/// How statements begin that Rust makes up.
const BEGINNINGS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// Every file with this extension below a folder, but in folders below it that are left out; by path.
fn files(below: &str, extension: &str, left_out: &[&str]) -> Vec<Statement> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let mut found = Vec::new();
    let mut left = vec![directory.clone()];
    while let Some(place) = left.pop() {
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&directory).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if !left_out.contains(&name.as_str()) {
                    left.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(Statement { path: name, sql: std::fs::read_to_string(path).unwrap() });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// What both stores run: the files, and what the shared code says in place.
fn shared_statements() -> Vec<Statement> {
    let mut shared = files("sql", "sql", &["sqlite"]);
    assert!(shared.len() > 250, "the statements were not found");
    for Statement { path, sql: code } in files("src", "rs", &OF_ONE_STORE) {
        let said =
            literals(&code).into_iter().filter(|text| BEGINNINGS.iter().any(|begin| text.starts_with(begin)));
        shared.extend(said.map(|sql| Statement { path: path.clone(), sql }));
    }
    shared
}

/// The texts in quotes of a Rust file. Comments are left out; a quote as a character is no text.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(behind) = rest.strip_prefix("'\"'") {
            rest = behind;
        } else if let Some(inside) = rest.strip_prefix('"') {
            let (text, behind) = literal(inside);
            found.push(text);
            rest = behind;
        } else {
            rest = &rest[1..];
        }
    }
    found
}

/// A text up to its closing quote, and what stands behind it.
fn literal(inside: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, found)) = chars.next() {
        match found {
            '"' => return (text, &inside[at + 1..]),
            '\\' => match chars.next() {
                // The line goes on; the spaces before its next word are none of the text.
                Some((at, '\n')) => {
                    let behind = inside[at..].trim_start();
                    let (more, behind) = literal(behind);
                    return (text + &more, behind);
                }
                Some((_, escaped)) => text.push(if escaped == 'n' { '\n' } else { escaped }),
                None => break,
            },
            other => text.push(other),
        }
    }
    (text, "")
}

/// Fails with all that is wrong at once.
fn assert_none(wrong: &str) {
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[tokio::test]
async fn every_shared_statement_is_prepared_by_postgresql() {
    let database = Postgres::with_schema().await;
    let client = database.connect().await;
    let mut wrong = String::new();
    for Statement { path, sql } in shared_statements() {
        let prepared = match client.prepare(&dialect::translate(&sql)).await {
            Ok(prepared) => prepared,
            Err(error) => {
                let text =
                    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
                writeln!(wrong, "{path}: {text}").unwrap();
                continue;
            }
        };
        // What the store's values can be: a number, a text, bytes. A truth value or a sum of ours comes back as a number.
        for (place, kind) in prepared.params().iter().enumerate() {
            if ![Type::INT8, Type::TEXT, Type::BYTEA].contains(kind) {
                writeln!(wrong, "{path}: parameter {} is taken for {kind}", place + 1).unwrap();
            }
        }
        for column in prepared.columns() {
            let known = [Type::INT8, Type::TEXT, Type::BYTEA, Type::INT4, Type::BOOL, Type::NUMERIC];
            if !known.contains(column.type_()) {
                writeln!(wrong, "{path}: column {} is {}", column.name(), column.type_()).unwrap();
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_statement_is_prepared_by_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    drop(common::open(dir.path()));
    let connection = common::database(dir.path());
    let mut wrong = String::new();
    let of_sqlite = files("sql/sqlite", "sql", &[]);
    assert!(of_sqlite.len() > 30, "the statements were not found");
    for Statement { path, sql } in shared_statements().into_iter().chain(of_sqlite) {
        // Some files are a few statements.
        for one in sql.split_inclusive(";\n") {
            if let Err(error) = connection.prepare(one) {
                writeln!(wrong, "{path}: {error}").unwrap();
            }
        }
    }
    assert_none(&wrong);
}

/// Bare, `user` is the name of the role in PostgreSQL: the statement is prepared, runs, and compares with that.
#[test]
fn no_shared_statement_has_a_bare_user() {
    let of_cluster =
        files("src/cluster", "rs", &["click", "usage"]).into_iter().flat_map(|Statement { path, sql }| {
            let path = format!("cluster/{path}");
            literals(&sql).into_iter().map(move |sql| Statement { path: path.clone(), sql })
        });
    let of_cluster = of_cluster.filter(|said| BEGINNINGS.iter().any(|begin| said.sql.starts_with(begin)));
    let migrations = files("src/cluster/migrations", "sql", &[]);
    assert!(!migrations.is_empty());
    let mut wrong = String::new();
    for Statement { path, sql } in shared_statements().into_iter().chain(of_cluster).chain(migrations) {
        if has_bare_user(&sql) {
            writeln!(wrong, "{path}: user without quotes").unwrap();
        }
    }
    assert_none(&wrong);
}

/// Whether `user` stands in a statement outside of quotes and comments.
fn has_bare_user(sql: &str) -> bool {
    let without_comments = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = without_comments.collect::<Vec<_>>().join("\n");
    // Every second piece stands between quotes, of either kind.
    let bare = text.split(['\'', '"']).step_by(2);
    bare.flat_map(|piece| piece.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .any(|word| word.eq_ignore_ascii_case("user"))
}

#[test]
fn statements_are_found_as_they_are() {
    let code = "// \"no\"\nlet a = '\"'; f(\"SELECT \\\n   user\\n\", \"b \\\"c\\\"\"); let s: &'static str = \"d\";";
    assert_eq!(literals(code), ["SELECT user\n", "b \"c\"", "d"]);
    assert!(has_bare_user("SELECT a.user FROM b") && has_bare_user("UPDATE USER SET a = 'b'"));
    assert!(!has_bare_user("SELECT \"user\", user_id -- of the user\nFROM a WHERE b = 'user'"));
}
