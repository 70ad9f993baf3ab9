//! What providers report a request to have used, turned into disjoint buckets.
//!
//! Every provider counts something inside something else: OpenAI's prompt includes cached tokens, Anthropic's input
//! does not, Google's candidates leave out the thoughts. [`normalise`] reads each in its own way. Fields that it does
//! not know are ignored, since providers add fields; those that it knows must be whole numbers that fit each other.

mod shapes;

use crate::tokens::{MAX_TOKENS, TokenUsage};
use serde_json::Value;

/// Why a usage object is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {message}")]
pub struct UsageError {
    /// The field, with its path: `prompt_tokens_details.cached_tokens`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// Tokens the way our own events count them: `input` includes what was cached or heard, `output` includes reasoning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// All input.
    pub input: u64,
    /// Input read from a cache.
    pub cached: u64,
    /// Input written to a short-lived cache.
    pub cache_write_short: u64,
    /// Input written to a long-lived cache.
    pub cache_write_long: u64,
    /// Uncached audio input.
    pub audio_input: u64,
    /// Uncached image input.
    pub image_input: u64,
    /// All output.
    pub output: u64,
    /// Output spent on reasoning.
    pub reasoning: u64,
    /// Audio output.
    pub audio_output: u64,
    /// Image output.
    pub image_output: u64,
}

/// What the fields of a [`TokenCounts`] are called where they came from, for errors.
#[derive(Debug, Clone, Copy)]
pub struct CountNames {
    /// Names [`TokenCounts::input`].
    pub input: &'static str,
    /// Names [`TokenCounts::cached`].
    pub cached: &'static str,
    /// Names [`TokenCounts::cache_write_short`] and [`TokenCounts::cache_write_long`].
    pub cache_write: &'static str,
    /// Names [`TokenCounts::audio_input`].
    pub audio_input: &'static str,
    /// Names [`TokenCounts::image_input`].
    pub image_input: &'static str,
    /// Names [`TokenCounts::output`].
    pub output: &'static str,
    /// Names [`TokenCounts::reasoning`].
    pub reasoning: &'static str,
    /// Names [`TokenCounts::audio_output`].
    pub audio_output: &'static str,
    /// Names [`TokenCounts::image_output`].
    pub image_output: &'static str,
}

impl CountNames {
    /// The names in our own events.
    pub const EVENT: Self = Self {
        input: "input_tokens",
        cached: "cached_input_tokens",
        cache_write: "cache_write_tokens",
        audio_input: "audio_input_tokens",
        image_input: "image_input_tokens",
        output: "output_tokens",
        reasoning: "reasoning_tokens",
        audio_output: "audio_output_tokens",
        image_output: "image_output_tokens",
    };
}

impl UsageError {
    fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Reads a provider's own usage object. `provider` is the name of the price book or one that folds to it; a provider
/// that is not known is read as OpenAI-compatible. The object may be the usage itself or a reply that holds it under
/// `usage` or `usageMetadata`.
pub fn normalise(provider: &str, usage: &Value) -> Result<TokenUsage, UsageError> {
    shapes::read(provider, usage)
}

impl TokenCounts {
    /// Splits the totals into disjoint buckets. A part that is larger than its total, or a total beyond
    /// [`MAX_TOKENS`], is an error that names the field.
    pub fn into_usage(self) -> Result<TokenUsage, UsageError> {
        self.into_usage_named(&CountNames::EVENT)
    }

    /// The same for counts whose fields are called otherwise.
    pub fn into_usage_named(self, names: &CountNames) -> Result<TokenUsage, UsageError> {
        let cache_write = self.cache_write_short.saturating_add(self.cache_write_long);
        let input_parts = [
            (names.cached, self.cached),
            (names.cache_write, cache_write),
            (names.audio_input, self.audio_input),
            (names.image_input, self.image_input),
        ];
        let output_parts = [
            (names.reasoning, self.reasoning),
            (names.audio_output, self.audio_output),
            (names.image_output, self.image_output),
        ];
        Ok(TokenUsage {
            input_uncached: rest_of(names.input, self.input, &input_parts)?,
            cache_read: self.cached,
            cache_write_short: self.cache_write_short,
            cache_write_long: self.cache_write_long,
            audio_input: self.audio_input,
            image_input: self.image_input,
            output_visible: rest_of(names.output, self.output, &output_parts)?,
            reasoning: self.reasoning,
            audio_output: self.audio_output,
            image_output: self.image_output,
        })
    }
}

/// What a total leaves after its parts.
fn rest_of(total_name: &str, total: u64, parts: &[(&str, u64)]) -> Result<u64, UsageError> {
    if total > MAX_TOKENS {
        return Err(UsageError::new(total_name, format!("must be at most {MAX_TOKENS}")));
    }
    let mut rest = total;
    for (name, part) in parts {
        if *part > total {
            return Err(UsageError::new(
                *name,
                format!("must not be more than {total_name} ({part} > {total})"),
            ));
        }
        rest = rest.checked_sub(*part).ok_or_else(|| {
            UsageError::new(
                *name,
                format!("and the other parts together are more than {total_name} ({total})"),
            )
        })?;
    }
    Ok(rest)
}

#[cfg(test)]
mod tests;
