//! SQL as SQLite has it, for PostgreSQL. What differs more than this is written so that both take it.

/// Turns `?` and `?3` into `$1` and `$3`, `CROSS JOIN` (SQLite's way to settle the order of tables; ours always have an
/// `ON`) into `JOIN`, and leaves `INDEXED BY name` and `NOT INDEXED` out. Texts, quoted names and comments stay.
pub(super) fn translate(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut last_parameter = 0;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\'' | '"' => quoted(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '?' => {
                rest = parameter(&rest[1..], &mut last_parameter, &mut out);
                continue;
            }
            _ if is_word(first) => {
                rest = word(rest, &mut out);
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// The length of a text or name in these quotes, with them; a doubled quote is part of it.
fn quoted(sql: &str, quote: char) -> usize {
    let mut inside = sql.char_indices().skip(1).peekable();
    while let Some((at, found)) = inside.next() {
        if found == quote && inside.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    sql.len()
}

/// Writes the parameter whose question mark was taken; answers what stands behind it. One without a number has the number
/// behind the largest so far, as in SQLite.
fn parameter<'s>(behind: &'s str, last: &mut usize, out: &mut String) -> &'s str {
    let digits = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let number = behind[..digits].parse().unwrap_or(*last + 1);
    *last = number.max(*last);
    out.push('$');
    out.push_str(&number.to_string());
    &behind[digits..]
}

/// Writes a word, or what PostgreSQL has in its place; answers what stands behind.
fn word<'s>(sql: &'s str, out: &mut String) -> &'s str {
    for (sqlite, with_a_name) in [("INDEXED BY", true), ("NOT INDEXED", false)] {
        if let Some(behind) = starts_with_words(sql, sqlite) {
            return if with_a_name { behind.trim_start().trim_start_matches(is_word) } else { behind };
        }
    }
    if let Some(behind) = starts_with_words(sql, "CROSS JOIN") {
        out.push_str("JOIN");
        return behind;
    }
    let length = sql.find(|c| !is_word(c)).unwrap_or(sql.len());
    out.push_str(&sql[..length]);
    &sql[length..]
}

/// What stands behind these words, where the text begins with them.
fn starts_with_words<'s>(sql: &'s str, words: &str) -> Option<&'s str> {
    let mut rest = sql;
    for word in words.split(' ') {
        rest = rest.trim_start().strip_prefix(word)?;
        if rest.starts_with(is_word) {
            return None;
        }
    }
    Some(rest)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn parameters_are_numbered_as_sqlite_numbers_them() {
        assert_eq!(translate("SELECT ?, ?"), "SELECT $1, $2");
        assert_eq!(translate("SELECT ?2, ?1, ?, ?12"), "SELECT $2, $1, $3, $12");
        assert_eq!(translate("(?,?)"), "($1,$2)");
    }

    #[test]
    fn texts_names_and_comments_stay() {
        let sql = "SELECT '?''?', \"a?\"\"?\" -- is it? CROSS JOIN\n, /* ? */ 'ä?'";
        assert_eq!(translate(sql), sql);
        assert_eq!(translate("SELECT '?' || ?"), "SELECT '?' || $1");
        assert_eq!(translate("'open ?"), "'open ?");
    }

    #[test]
    fn words_of_sqlite_alone_go() {
        assert_eq!(translate("a CROSS JOIN b ON c"), "a JOIN b ON c");
        assert_eq!(translate("a\n  CROSS  JOIN b ON c"), "a\n  JOIN b ON c");
        assert_eq!(translate("FROM a INDEXED BY a_b WHERE ?"), "FROM a  WHERE $1");
        assert_eq!(translate("FROM a NOT INDEXED WHERE ?"), "FROM a  WHERE $1");
        assert_eq!(translate("SELECT INDEXED_BY, across"), "SELECT INDEXED_BY, across");
    }
}
