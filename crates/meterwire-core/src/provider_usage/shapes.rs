//! The usage objects that providers send, one function a shape.

use super::{CountNames, TokenCounts, UsageError};
use crate::price::PriceBook;
use crate::tokens::{MAX_TOKENS, TokenUsage};
use serde_json::{Map, Value};

/// Finds the shape and reads it.
///
/// The field names tell the shapes apart, with one exception: `input_tokens` includes the cache at OpenAI and leaves it
/// out at Anthropic, so there the provider decides, or one of Anthropic's cache fields beside it.
pub(super) fn read(provider: &str, usage: &Value) -> Result<TokenUsage, UsageError> {
    let whole = Fields::of_object(usage)?;
    let fields = match ["usage", "usageMetadata", "usage_metadata"].iter().find(|name| whole.has(name)) {
        Some(name) => whole.inside(name)?,
        None => whole,
    };
    let provider = PriceBook::builtin().canonical_provider(provider).unwrap_or("");
    let excludes_cache = fields.has("cache_read_input_tokens")
        || fields.has("cache_creation_input_tokens")
        || matches!(provider, "anthropic" | "bedrock" | "google");
    if fields.has("prompt_tokens") {
        openai_chat(&fields, provider)
    } else if fields.has_any(&GOOGLE_FIELDS) {
        google(&fields)
    } else if fields.has("inputTokens") {
        bedrock_converse(&fields)
    } else if fields.has("billed_units") || fields.has("tokens") {
        cohere(&fields)
    } else if fields.has("input_tokens") && excludes_cache {
        anthropic_messages(&fields)
    } else if fields.has("input_tokens") {
        openai_responses(&fields)
    } else {
        Err(UsageError::new(
            fields.name("input_tokens"),
            "is missing, and so is every other field that a known provider reports its input in",
        ))
    }
}

/// Chat completions and embeddings of OpenAI and all who speak like it.
fn openai_chat(fields: &Fields, provider: &str) -> Result<TokenUsage, UsageError> {
    let input = fields.inside("prompt_tokens_details")?;
    let output = fields.inside("completion_tokens_details")?;
    let total_input = fields.count("prompt_tokens")?;
    let reasoning = output.count("reasoning_tokens")?;
    let mut total_output = fields.count("completion_tokens")?;
    // xAI leaves reasoning out of completion_tokens; its total shows it.
    let without_reasoning = total_input.saturating_add(total_output);
    if provider == "xai" && reasoning > 0 && fields.count("total_tokens")? == without_reasoning + reasoning {
        total_output += reasoning;
    }
    // DeepSeek and Moonshot report cache hits beside the totals.
    let cached = match input.optional("cached_tokens")? {
        Some(cached) => cached,
        None => {
            fields.optional("prompt_cache_hit_tokens")?.map_or_else(|| fields.count("cached_tokens"), Ok)?
        }
    };
    let counts =
        TokenCounts { input: total_input, cached, output: total_output, reasoning, ..TokenCounts::default() };
    inclusive(counts, &input, &output, &CHAT_NAMES)
}

/// Responses, realtime and images of OpenAI.
fn openai_responses(fields: &Fields) -> Result<TokenUsage, UsageError> {
    let details = |plural, singular| fields.inside(if fields.has(singular) { singular } else { plural });
    let input = details("input_tokens_details", "input_token_details")?;
    let output = details("output_tokens_details", "output_token_details")?;
    let counts = TokenCounts {
        input: fields.count("input_tokens")?,
        cached: input.count("cached_tokens")?,
        output: fields.count("output_tokens")?,
        reasoning: output.count("reasoning_tokens")?,
        ..TokenCounts::default()
    };
    inclusive(counts, &input, &output, &RESPONSES_NAMES)
}

/// Adds cache writes and modalities to OpenAI's totals, which include all of them.
fn inclusive(
    mut counts: TokenCounts,
    input: &Fields,
    output: &Fields,
    names: &CountNames,
) -> Result<TokenUsage, UsageError> {
    let split = input.inside("cache_write_tokens_details")?;
    (counts.cache_write_short, counts.cache_write_long) =
        cache_writes(input, "cache_write_tokens", &split, "ttl_30m_tokens", "ttl_12h_tokens")?;
    let heard_from_cache = input.inside("cached_tokens_details")?;
    let audio = part(input, "audio_tokens", counts.input)?;
    let image = part(input, "image_tokens", counts.input)?;
    // Audio and images may be among the cached tokens. Where the reply does not say how many, what no longer fits is.
    let outside_cache =
        counts.input.saturating_sub(counts.cached + counts.cache_write_short + counts.cache_write_long);
    counts.audio_input = audio.saturating_sub(heard_from_cache.count("audio_tokens")?).min(outside_cache);
    counts.image_input =
        image.saturating_sub(heard_from_cache.count("image_tokens")?).min(outside_cache - counts.audio_input);
    counts.audio_output = output.count("audio_tokens")?;
    counts.image_output = output.count("image_tokens")?;
    counts.into_usage_named(names)
}

/// Messages of Anthropic: the input leaves all cache traffic out.
fn anthropic_messages(fields: &Fields) -> Result<TokenUsage, UsageError> {
    let split = fields.inside("cache_creation")?;
    let (cache_write_short, cache_write_long) = cache_writes(
        fields,
        "cache_creation_input_tokens",
        &split,
        "ephemeral_5m_input_tokens",
        "ephemeral_1h_input_tokens",
    )?;
    let cached = fields.count("cache_read_input_tokens")?;
    let counts = TokenCounts {
        input: fields.count("input_tokens")? + cached + cache_write_short + cache_write_long,
        cached,
        cache_write_short,
        cache_write_long,
        output: fields.count("output_tokens")?,
        reasoning: fields.inside("output_tokens_details")?.count("thinking_tokens")?,
        ..TokenCounts::default()
    };
    counts.into_usage_named(&ANTHROPIC_NAMES)
}

/// Gemini: the prompt includes what was cached, the candidates leave the thoughts out, tool results count apart.
fn google(fields: &Fields) -> Result<TokenUsage, UsageError> {
    let count = |camel, snake| fields.count(if fields.has(snake) { snake } else { camel });
    let list = |camel, snake| fields.modalities(if fields.has(snake) { snake } else { camel });
    let [prompt, cached, candidates, thoughts, _, tool_results] = GOOGLE_FIELDS;
    let [prompt, cached, tool_results] =
        [prompt, cached, tool_results].map(|(camel, snake)| count(camel, snake));
    let [candidates, thoughts] = [candidates, thoughts].map(|(camel, snake)| count(camel, snake));
    let (prompt, cached, candidates, thoughts) = (prompt?, cached?, candidates?, thoughts?);
    let heard = list("promptTokensDetails", "prompt_tokens_details")?;
    let heard_from_cache = list("cacheTokensDetails", "cache_tokens_details")?;
    let said = list("candidatesTokensDetails", "candidates_tokens_details")?;
    let outside_cache = prompt.saturating_sub(cached);
    let audio_input = heard.audio.saturating_sub(heard_from_cache.audio).min(outside_cache);
    let counts = TokenCounts {
        input: prompt + tool_results?,
        cached,
        audio_input,
        image_input: heard.image.saturating_sub(heard_from_cache.image).min(outside_cache - audio_input),
        output: candidates + thoughts,
        reasoning: thoughts,
        audio_output: said.audio,
        image_output: said.image,
        ..TokenCounts::default()
    };
    if cached > prompt {
        let message = format!("must not be more than promptTokenCount ({cached} > {prompt})");
        return Err(UsageError::new(fields.name("cachedContentTokenCount"), message));
    }
    counts.into_usage_named(&GOOGLE_NAMES)
}

/// Converse of Amazon Bedrock: the input leaves all cache traffic out.
fn bedrock_converse(fields: &Fields) -> Result<TokenUsage, UsageError> {
    let cached = fields.count("cacheReadInputTokens")?;
    let written = fields.count("cacheWriteInputTokens")?;
    let (mut short, mut long) = (written, 0);
    for detail in fields.list("cacheDetails")? {
        if detail.text("ttl") == Some("1h") {
            long += detail.count("inputTokens")?;
        }
    }
    short = short.checked_sub(long).ok_or_else(|| {
        UsageError::new(
            fields.name("cacheDetails"),
            format!("must not be more than cacheWriteInputTokens ({long} > {short})"),
        )
    })?;
    let counts = TokenCounts {
        input: fields.count("inputTokens")? + cached + written,
        cached,
        cache_write_short: short,
        cache_write_long: long,
        output: fields.count("outputTokens")?,
        ..TokenCounts::default()
    };
    counts.into_usage_named(&CONVERSE_NAMES)
}

/// Chat and embed of Cohere: what is billed, or else what was counted.
fn cohere(fields: &Fields) -> Result<TokenUsage, UsageError> {
    let counted = fields.inside(if fields.has("billed_units") { "billed_units" } else { "tokens" })?;
    let counts = TokenCounts {
        input: counted.count("input_tokens")?,
        cached: fields.count("cached_tokens")?,
        output: counted.count("output_tokens")?,
        ..TokenCounts::default()
    };
    counts.into_usage_named(&COHERE_NAMES)
}

/// Short and long cache writes from their sum and its split; what the split leaves out is short.
fn cache_writes(
    fields: &Fields,
    sum_name: &str,
    split: &Fields,
    short_name: &str,
    long_name: &str,
) -> Result<(u64, u64), UsageError> {
    let (short, long) = (split.count(short_name)?, split.count(long_name)?);
    let sum = fields.optional(sum_name)?.unwrap_or(short + long);
    if let Some(rest) = sum.checked_sub(short + long) {
        return Ok((short + rest, long));
    }
    let message = format!("and its other part must not be more than {sum_name} ({} > {sum})", short + long);
    Err(UsageError::new(split.name(if long > 0 { long_name } else { short_name }), message))
}

/// A part of a total, whatever other parts it overlaps.
fn part(fields: &Fields, name: &str, total: u64) -> Result<u64, UsageError> {
    let count = fields.count(name)?;
    if count > total {
        return Err(UsageError::new(
            fields.name(name),
            format!("must not be more than the whole input ({count} > {total})"),
        ));
    }
    Ok(count)
}

/// Google's fields as the API and as its Python SDK write them.
const GOOGLE_FIELDS: [(&str, &str); 6] = [
    ("promptTokenCount", "prompt_token_count"),
    ("cachedContentTokenCount", "cached_content_token_count"),
    ("candidatesTokenCount", "candidates_token_count"),
    ("thoughtsTokenCount", "thoughts_token_count"),
    ("totalTokenCount", "total_token_count"),
    ("toolUsePromptTokenCount", "tool_use_prompt_token_count"),
];

const CHAT_NAMES: CountNames = CountNames {
    input: "prompt_tokens",
    cached: "prompt_tokens_details.cached_tokens",
    cache_write: "prompt_tokens_details.cache_write_tokens",
    audio_input: "prompt_tokens_details.audio_tokens",
    image_input: "prompt_tokens_details.image_tokens",
    output: "completion_tokens",
    reasoning: "completion_tokens_details.reasoning_tokens",
    audio_output: "completion_tokens_details.audio_tokens",
    image_output: "completion_tokens_details.image_tokens",
};

const RESPONSES_NAMES: CountNames = CountNames {
    input: "input_tokens",
    cached: "input_tokens_details.cached_tokens",
    cache_write: "input_tokens_details.cache_write_tokens",
    audio_input: "input_tokens_details.audio_tokens",
    image_input: "input_tokens_details.image_tokens",
    output: "output_tokens",
    reasoning: "output_tokens_details.reasoning_tokens",
    audio_output: "output_tokens_details.audio_tokens",
    image_output: "output_tokens_details.image_tokens",
};

const ANTHROPIC_NAMES: CountNames = CountNames {
    cached: "cache_read_input_tokens",
    cache_write: "cache_creation_input_tokens",
    reasoning: "output_tokens_details.thinking_tokens",
    ..RESPONSES_NAMES
};

const GOOGLE_NAMES: CountNames = CountNames {
    input: "promptTokenCount",
    cached: "cachedContentTokenCount",
    cache_write: "promptTokenCount",
    audio_input: "promptTokensDetails",
    image_input: "promptTokensDetails",
    output: "candidatesTokenCount",
    reasoning: "thoughtsTokenCount",
    audio_output: "candidatesTokensDetails",
    image_output: "candidatesTokensDetails",
};

const CONVERSE_NAMES: CountNames = CountNames {
    input: "inputTokens",
    cached: "cacheReadInputTokens",
    cache_write: "cacheWriteInputTokens",
    output: "outputTokens",
    ..RESPONSES_NAMES
};

const COHERE_NAMES: CountNames = CountNames { cached: "cached_tokens", ..RESPONSES_NAMES };

/// An object's fields, and the path to it for errors. An absent object has no fields.
struct Fields<'a> {
    object: Option<&'a Map<String, Value>>,
    path: String,
}

/// Tokens by what they stand for, where that changes the price.
#[derive(Default)]
struct Modalities {
    audio: u64,
    image: u64,
}

impl<'a> Fields<'a> {
    fn of_object(value: &'a Value) -> Result<Self, UsageError> {
        match value {
            Value::Object(object) => Ok(Self { object: Some(object), path: String::new() }),
            _ => Err(UsageError::new("provider_usage", "must be an object")),
        }
    }

    /// A field that is there and not null.
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn has_any(&self, names: &[(&str, &str)]) -> bool {
        names.iter().any(|(one, other)| self.has(one) || self.has(other))
    }

    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    fn count(&self, name: &str) -> Result<u64, UsageError> {
        Ok(self.optional(name)?.unwrap_or(0))
    }

    fn optional(&self, name: &str) -> Result<Option<u64>, UsageError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match value.as_u64() {
            Some(count) if count <= MAX_TOKENS => Ok(Some(count)),
            _ => Err(UsageError::new(
                self.name(name),
                format!("must be a whole number from 0 to {MAX_TOKENS}"),
            )),
        }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    fn inside(&self, name: &str) -> Result<Self, UsageError> {
        let path = format!("{}.", self.name(name));
        match self.get(name) {
            None => Ok(Self { object: None, path }),
            Some(Value::Object(object)) => Ok(Self { object: Some(object), path }),
            Some(_) => Err(UsageError::new(self.name(name), "must be an object")),
        }
    }

    fn list(&self, name: &str) -> Result<Vec<Self>, UsageError> {
        let items = match self.get(name) {
            None => return Ok(vec![]),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(UsageError::new(self.name(name), "must be an array")),
        };
        let item = |(index, value): (usize, &'a Value)| match value {
            Value::Object(object) => {
                Ok(Self { object: Some(object), path: format!("{}[{index}].", self.name(name)) })
            }
            _ => Err(UsageError::new(format!("{}[{index}]", self.name(name)), "must be an object")),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// Google's list of counts by modality.
    fn modalities(&self, name: &str) -> Result<Modalities, UsageError> {
        let mut found = Modalities::default();
        for item in self.list(name)? {
            let field = if item.has("token_count") { "token_count" } else { "tokenCount" };
            let count = item.count(field)?;
            let sum = match item.text("modality") {
                Some("AUDIO") => &mut found.audio,
                Some("IMAGE") => &mut found.image,
                _ => continue,
            };
            *sum = sum.saturating_add(count);
        }
        Ok(found)
    }
}
