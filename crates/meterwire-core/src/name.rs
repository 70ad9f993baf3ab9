//! Names that people give to things: one rule wherever a name or a title is made.

use crate::event::MAX_TEXT_BYTES;
use crate::invalid::Invalid;
use std::borrow::Cow;

/// The longest name, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Characters that nobody sees and that change what is seen around them: control characters (C0, C1), marks that turn the
/// direction of text, ends of lines, and blanks of no width. One name could be made to look like another with them.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name as it is kept: without blanks around it. One that is empty, too long or holds a hidden character is refused.
pub fn clean_name(field: &str, name: &str) -> Result<String, Invalid> {
    let trimmed = name.trim();
    if !name.chars().any(is_hidden) && (1..=MAX_NAME_BYTES).contains(&trimmed.len()) {
        return Ok(trimmed.to_owned());
    }
    let sentence = format!(
        "{field} must be 1 to {MAX_NAME_BYTES} bytes of text without control characters and marks of direction"
    );
    Err(Invalid::new(field, sentence))
}

/// Checks a value that has to be able to say what events say: 1 to [`MAX_TEXT_BYTES`] bytes without control characters.
pub fn check_label(field: &str, label: &str) -> Result<(), Invalid> {
    if (1..=MAX_TEXT_BYTES).contains(&label.len()) && !label.chars().any(char::is_control) {
        return Ok(());
    }
    let sentence = format!("{field} must be 1 to {MAX_TEXT_BYTES} bytes without control characters");
    Err(Invalid::new(field, sentence))
}

/// A text that is made of what others sent, fit for a title or a line: each hidden character is a blank.
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) {
        return Cow::Owned(text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect());
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_a_name_are_cut_off() {
        assert_eq!(clean_name("name", "  on call \u{a0}"), Ok("on call".to_owned()));
        assert_eq!(
            clean_name("name", "Zoë 株式会社 👩\u{200d}💻"),
            Ok("Zoë 株式会社 👩\u{200d}💻".to_owned())
        );
        let longest = "x".repeat(MAX_NAME_BYTES);
        assert_eq!(clean_name("name", &format!(" {longest} ")), Ok(longest));
    }

    #[test]
    fn what_is_hidden_or_nothing_is_refused() {
        let hidden = ('\u{0}'..='\u{1f}').chain('\u{7f}'..='\u{9f}').chain('\u{202a}'..='\u{202e}');
        let hidden =
            hidden.chain('\u{2066}'..='\u{2069}').chain(['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}']);
        for c in hidden {
            for name in [format!("a{c}b"), format!("{c}a"), format!("a{c}")] {
                assert_eq!(clean_name("title", &name).unwrap_err().field, "title", "{c:?}");
            }
            assert_eq!(shown(&format!("a{c}b")), "a b");
        }
        for name in [String::new(), "  ".to_owned(), "\u{feff}".to_owned(), "x".repeat(MAX_NAME_BYTES + 1)] {
            assert!(clean_name("name", &name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_label_says_what_events_say() {
        assert_eq!(check_label("user", " u\u{200f} "), Ok(()));
        for bad in ["", "a\nb", &"x".repeat(MAX_TEXT_BYTES + 1)] {
            assert_eq!(check_label("user", bad).unwrap_err().field, "user");
        }
    }
}
