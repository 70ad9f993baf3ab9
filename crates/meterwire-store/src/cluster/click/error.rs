//! Why ClickHouse did not do what it was asked, and what callers are told then.

use crate::error::Fault;
use meterwire_app::ports::StoreError;

/// The largest answer, in bytes.
pub(super) const MAX_ANSWER: usize = 256 << 20;
/// How much of an error's text is kept, in bytes.
pub(super) const MAX_ERROR: usize = 400;

/// What callers are told.
const AWAY: &str = "Usage cannot be asked for at the moment: ClickHouse, which holds recorded events, is away. Events are \
    recorded and limits decided as ever; what was recorded is counted when it is back. Try again in a moment.";

/// Why ClickHouse did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClickError {
    /// There was no connection, or it broke: whether a command or insert was done is not known.
    #[error("ClickHouse cannot be reached: {0}")]
    Unreachable(String),
    /// It took too long; the same goes for it.
    #[error("ClickHouse did not answer in time")]
    Late,
    /// It refused; nothing or a part was done.
    #[error("ClickHouse refused (code {code}): {text}")]
    Refused {
        /// Its number of the error, 0 where it told none.
        code: u32,
        /// The beginning of its sentence.
        text: String,
    },
    /// The answer is larger than its bound.
    #[error("an answer of ClickHouse is larger than {MAX_ANSWER} bytes")]
    TooLarge,
}

/// What ClickHouse answers.
pub(crate) type ClickResult<T> = Result<T, ClickError>;

impl ClickError {
    /// Trying again later may help.
    pub(crate) fn is_passing(&self) -> bool {
        // The other shard ended in the middle, too many at once, network, no replica, Keeper, and what the engine's own
        // system refused it (1000: 18.16 misses a file of a part for seconds when it was killed while it wrote the part
        // anew): what an engine says that is about to come or to go.
        const PASSING: [u32; 12] = [32, 202, 209, 210, 225, 236, 242, 279, 285, 319, 999, 1000];
        match self {
            Self::Unreachable(_) | Self::Late => true,
            Self::Refused { code, .. } => PASSING.contains(code),
            Self::TooLarge => false,
        }
    }

    /// The question is too much for it: its time, its memory, its rows, the length of the statement.
    fn is_too_wide(&self) -> bool {
        const TOO_MUCH: [u32; 8] = [158, 159, 160, 167, 168, 241, 307, 396];
        match self {
            Self::TooLarge => true,
            Self::Refused { code, .. } => TOO_MUCH.contains(code),
            Self::Unreachable(_) | Self::Late => false,
        }
    }
}

impl From<ClickError> for StoreError {
    fn from(error: ClickError) -> Self {
        if error.is_too_wide() {
            let sentence = "the question takes too long to answer; narrow its range or filters";
            return Self::TooWide(sentence.to_owned());
        }
        if error.is_passing() { Self::outage_by(AWAY, error) } else { Self::Failed(Box::new(error)) }
    }
}

impl From<ClickError> for Fault {
    fn from(error: ClickError) -> Self {
        Self::Answer(error.into())
    }
}

pub(super) fn lost(error: reqwest::Error) -> ClickError {
    if error.is_timeout() && !error.is_connect() {
        return ClickError::Late;
    }
    // Without the address, in which there may be a password.
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    ClickError::Unreachable(text)
}

/// A refusal of our own.
pub(super) fn refusal(text: String) -> ClickError {
    ClickError::Refused { code: 0, text }
}

/// `Code: 159, e.displayText() = DB::Exception: Timeout exceeded`.
pub(super) fn refused_by(answer: &[u8]) -> ClickError {
    let text = String::from_utf8_lossy(answer.get(..MAX_ERROR).unwrap_or(answer));
    let digits = text.split_once("Code: ").map_or("", |(_, rest)| rest);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let code = digits.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    ClickError::Refused { code, text: text.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(answer: &str) -> u32 {
        match refused_by(answer.as_bytes()) {
            ClickError::Refused { code, .. } => code,
            other => unreachable!("{other}"),
        }
    }

    #[test]
    fn codes_are_found_in_both_forms() {
        assert_eq!(code("Code: 159, e.displayText() = DB::Exception: Timeout exceeded"), 159);
        assert_eq!(code("Code: 241. DB::Exception: Memory limit (total) exceeded"), 241);
        assert_eq!(code("something else"), 0);
        assert_eq!(code("Code: 99999999999999"), 0);
    }

    #[test]
    fn what_can_be_done_about_an_error_decides_the_answer() {
        let answered = |code| StoreError::from(ClickError::Refused { code, text: String::new() });
        assert!(matches!(answered(159), StoreError::TooWide(_)));
        assert!(matches!(answered(241), StoreError::TooWide(_)));
        assert!(matches!(answered(202), StoreError::Unavailable(_)));
        assert!(matches!(answered(60), StoreError::Failed(_)));
        assert!(matches!(StoreError::from(ClickError::Late), StoreError::Unavailable(_)));
        assert!(matches!(StoreError::from(ClickError::TooLarge), StoreError::TooWide(_)));
    }
}
