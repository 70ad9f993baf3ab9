//! Token counts in disjoint buckets, so that sums are safe whatever a provider counts inside what.

/// The most tokens that one bucket of one event may hold.
pub const MAX_TOKENS: u64 = 10_000_000_000;

/// Tokens of one event. The buckets never overlap: the total input is the sum of all input buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TokenUsage {
    /// Text input that was neither read from nor written to a cache.
    pub input_uncached: u64,
    /// Input read from a cache.
    pub cache_read: u64,
    /// Input written to a short-lived cache (Anthropic 5 minutes, OpenAI 30 minutes).
    pub cache_write_short: u64,
    /// Input written to a long-lived cache (Anthropic 1 hour, OpenAI 12 hours).
    pub cache_write_long: u64,
    /// Uncached audio input.
    pub audio_input: u64,
    /// Uncached image input.
    pub image_input: u64,
    /// Text output a user sees.
    pub output_visible: u64,
    /// Output spent on reasoning.
    pub reasoning: u64,
    /// Audio output.
    pub audio_output: u64,
    /// Image output.
    pub image_output: u64,
}

impl TokenUsage {
    /// What the buckets are called, in the order of [`Self::buckets`].
    pub const BUCKETS: [&str; 10] = [
        "input_uncached",
        "cache_read",
        "cache_write_short",
        "cache_write_long",
        "audio_input",
        "image_input",
        "output_visible",
        "reasoning",
        "audio_output",
        "image_output",
    ];

    /// All input tokens, cached ones too.
    pub fn input(&self) -> u64 {
        self.input_uncached
            + self.cache_read
            + self.cache_write_short
            + self.cache_write_long
            + self.audio_input
            + self.image_input
    }

    /// All output tokens, reasoning too.
    pub fn output(&self) -> u64 {
        self.output_visible + self.reasoning + self.audio_output + self.image_output
    }

    /// Input and output together.
    pub fn total(&self) -> u64 {
        self.input() + self.output()
    }

    /// The buckets in their fixed order (that of the fields).
    pub fn buckets(&self) -> [u64; 10] {
        [
            self.input_uncached,
            self.cache_read,
            self.cache_write_short,
            self.cache_write_long,
            self.audio_input,
            self.image_input,
            self.output_visible,
            self.reasoning,
            self.audio_output,
            self.image_output,
        ]
    }

    /// The inverse of [`Self::buckets`].
    pub fn from_buckets(buckets: [u64; 10]) -> Self {
        let [
            input_uncached,
            cache_read,
            cache_write_short,
            cache_write_long,
            audio_input,
            image_input,
            output_visible,
            reasoning,
            audio_output,
            image_output,
        ] = buckets;
        Self {
            input_uncached,
            cache_read,
            cache_write_short,
            cache_write_long,
            audio_input,
            image_input,
            output_visible,
            reasoning,
            audio_output,
            image_output,
        }
    }
}
