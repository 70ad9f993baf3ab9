//! The facade over SQLite. PostgreSQL's arm has its own tests, on a server.

use super::*;

fn engine() -> rusqlite::Connection {
    let engine = rusqlite::Connection::open_in_memory().unwrap();
    let schema =
        "CREATE TABLE thing (number INTEGER PRIMARY KEY, name TEXT UNIQUE, bytes BLOB, sum INTEGER) STRICT";
    engine.execute_batch(schema).unwrap();
    engine
}

/// Name, bytes, sum and whether that is a debt.
type Found = (Option<String>, Option<[u8; 3]>, Option<i64>, Option<bool>);

#[test]
fn values_come_back_as_they_went_in() {
    let engine = engine();
    let connection = Connection::from(&engine);
    let insert = "INSERT INTO thing (name, bytes, sum) VALUES (?, ?, ?) RETURNING number";
    let columns = params!["na\u{ef}me", [1_u8, 0, 255], i64::MIN];
    let number: i64 = connection.query_row(insert, columns, |row| row.get(0)).unwrap();
    let absent = params![None::<&str>, None::<Vec<u8>>, None::<i64>];
    let none: i64 = connection.query_row(insert, absent, |row| row.get("number")).unwrap();
    let mut statement = connection
        .prepare_cached("SELECT name, bytes, sum, sum < 0 AS debt FROM thing WHERE number = ?")
        .unwrap();
    let read = |row: &Row<'_>| {
        assert_eq!(row.text_or_null(0)?, row.get::<_, Option<String>>("name")?.as_deref());
        Ok((row.get::<_, Option<String>>(0)?, row.get("bytes")?, row.get(2)?, row.get("debt")?))
    };
    let found: Found = statement.query_row([number], read).unwrap();
    assert_eq!(found, (Some("na\u{ef}me".to_owned()), Some([1, 0, 255]), Some(i64::MIN), Some(true)));
    let found: Found = statement.query_row([none], read).unwrap();
    assert_eq!(found, (None, None, None, None));
}

#[test]
fn what_is_not_there_is_told_from_what_cannot_be_read() {
    let engine = engine();
    let connection = Connection::from(&engine);
    connection.execute("INSERT INTO thing VALUES (1, 'one', NULL, 70000)", []).unwrap();
    let mut statement = connection.prepare_cached("SELECT name, sum FROM thing WHERE number = ?").unwrap();
    let none = statement.query_row([2], |row| row.get::<_, String>(0));
    assert!(matches!(none, Err(Error::NoRow)));
    assert!(none.optional().unwrap().is_none());
    let wrong = |result: Result<()>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), Kind::Other);
        error.to_string()
    };
    let told = wrong(statement.query_row([1], |row| row.get::<_, i64>(0).map(drop)));
    assert_eq!(told, "column 0 cannot be read: a whole number expected, text found");
    let told = wrong(statement.query_row([1], |row| row.get::<_, u16>("sum").map(drop)));
    assert_eq!(told, "column 1 cannot be read: the number 70000 is out of range");
    let told = wrong(statement.query_row([1], |row| row.get::<_, i64>("other").map(drop)));
    assert_eq!(told, "there is no column other");
    let told = wrong(statement.query_row([1], |row| row.get::<_, i64>(2).map(drop)));
    assert_eq!(told, "there is no column 2");
}

#[test]
fn rows_are_walked_and_mapped() {
    let engine = engine();
    let connection = Connection::from(&engine);
    let sets = ["a", "b", "c"].map(|name| (name, 7));
    let insert = "INSERT INTO thing (name, sum) VALUES (?, ?)";
    assert_eq!(connection.execute_many(insert, sets).unwrap(), 3);
    assert_eq!(connection.execute_many(insert, [("", 0); 0]).unwrap(), 0);
    assert_eq!(connection.execute("UPDATE thing SET sum = ? WHERE name > ?", (8, "a")).unwrap(), 2);
    let mut statement =
        connection.prepare_cached("SELECT name FROM thing WHERE sum = ? ORDER BY name").unwrap();
    let names = statement.query_map([8], |row| row.get(0)).unwrap().collect::<Result<Vec<String>>>();
    assert_eq!(names.unwrap(), ["b", "c"]);
    let mut rows = statement.query([7]).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().text(0).unwrap(), "a");
    assert!(rows.next().unwrap().is_none());
}

#[test]
fn an_error_has_a_kind() {
    let engine = engine();
    let connection = Connection::from(&engine);
    let insert = "INSERT INTO thing (number, name, sum) VALUES (?, ?, ?)";
    connection.execute(insert, params![1, "one", i64::MAX]).unwrap();
    let taken = connection.execute(insert, params![2, "one", 0]).unwrap_err();
    assert_eq!(taken.kind(), Kind::Constraint);
    // It would become a float.
    let over = connection.execute("UPDATE thing SET sum = sum + 1", []).unwrap_err();
    assert_eq!(over.kind(), Kind::Overflow);
    assert_eq!(connection.prepare_cached("SELECT nothing FROM nowhere").err().unwrap().kind(), Kind::Other);
    assert!(matches!(connection.postgres().err(), Some(Error::WrongEngine("PostgreSQL"))));
    assert!(connection.sqlite().is_ok());
}
