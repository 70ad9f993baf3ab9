//! The envelope of an answer, and the cursor that leads to the next page.

use meterwire_app::OrganizationReply;
use meterwire_core::invalid::Invalid;
use meterwire_core::usage_page::Resume;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use utoipa::ToSchema;

/// What every cursor begins with.
const CURSOR_PREFIX: &str = "page_";

/// One page of buckets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageToApi<T> {
    /// Always `page`.
    #[schema(example = "page")]
    object: &'static str,
    /// The buckets, oldest first, also those where nothing was used.
    data: Vec<BucketToApi<T>>,
    /// Whether there is a next page.
    has_more: bool,
    /// Send it as `page`, with the same other parameters, for the next page; null on the last.
    next_page: Option<String>,
}

/// One bucket of UTC time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BucketToApi<T> {
    /// Always `bucket`.
    #[schema(example = "bucket")]
    object: &'static str,
    /// First second, Unix time. The first bucket begins at `start_time`, the others on whole minutes, hours or days.
    start_time: i64,
    /// First second after it. The last bucket ends at `end_time`.
    end_time: i64,
    /// A result for each group; none where nothing was used.
    results: Vec<T>,
}

impl<T> PageToApi<T> {
    pub(crate) fn new(
        reply: OrganizationReply,
        question: Fingerprint,
        to_result: impl Fn(meterwire_app::OrganizationResult) -> T,
    ) -> Self {
        let data = reply.buckets.into_iter().map(|bucket| BucketToApi {
            object: "bucket",
            start_time: bucket.start_s,
            end_time: bucket.end_s,
            results: bucket.results.into_iter().map(&to_result).collect(),
        });
        Self {
            object: "page",
            data: data.collect(),
            has_more: reply.next.is_some(),
            next_page: reply.next.map(|resume| cursor_to_text(question, resume)),
        }
    }
}

/// Tells one question from another, so that a cursor is not taken for a question that it does not belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Of everything a question says but `page` and `limit`, which may change between pages.
    pub(crate) fn of(question: &str) -> Self {
        let digest = Sha256::digest(question.as_bytes());
        Self(digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

fn cursor_to_text(question: Fingerprint, resume: Resume) -> String {
    let mut text = String::from(CURSOR_PREFIX);
    // A text takes every write.
    let _ = write!(text, "{:016x}{:016x}{:016x}", resume.next_s, resume.end_s, question.0);
    text
}

pub(crate) fn parse_cursor(text: &str, question: Fingerprint) -> Result<Resume, Invalid> {
    let refused = || Invalid::new("page", "page must be the next_page of an earlier answer to this question");
    let digits = text.strip_prefix(CURSOR_PREFIX).ok_or_else(refused)?;
    if digits.len() != 48 || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(refused());
    }
    let number = |place: usize| u64::from_str_radix(&digits[place * 16..(place + 1) * 16], 16);
    let (Ok(next_s), Ok(end_s), Ok(of)) = (number(0), number(1), number(2)) else { return Err(refused()) };
    if of != question.0 {
        return Err(refused());
    }
    Ok(Resume { next_s: next_s.cast_signed(), end_s: end_s.cast_signed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_question_alone() {
        let resume = Resume { next_s: 86_400, end_s: 172_800 };
        let question = Fingerprint::of("completions 1d");
        let text = cursor_to_text(question, resume);
        assert_eq!(parse_cursor(&text, question), Ok(resume));
        assert!(parse_cursor(&text, Fingerprint::of("completions 1h")).is_err());
        for rubbish in ["", "page_", "page_zz", &text[1..], &text[..40], &format!("{text}0"), "page_é"] {
            assert!(parse_cursor(rubbish, question).is_err(), "{rubbish}");
        }
    }
}
