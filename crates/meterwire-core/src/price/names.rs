//! How models and providers are spelled: prefixes, regions, versions and dates that name the same model.
//!
//! Only what is known to leave the price alone is taken off a name. Nothing is ever matched by a common beginning.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The longest name that is looked at.
pub(super) const MAX_NAME_BYTES: usize = 256;

/// First words of model names that have one natural seller. Open-weight families that many sell are not here.
const FAMILIES: [(&str, &str); 41] = [
    ("gpt-3", "openai"),
    ("gpt-4", "openai"),
    ("gpt-5", "openai"),
    ("gpt-6", "openai"),
    ("gpt-audio", "openai"),
    ("gpt-image", "openai"),
    ("gpt-realtime", "openai"),
    ("chatgpt-", "openai"),
    ("chat-latest", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("codex-", "openai"),
    ("computer-use-preview", "openai"),
    ("davinci-", "openai"),
    ("babbage-", "openai"),
    ("text-embedding-3", "openai"),
    ("text-embedding-ada", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "google"),
    ("text-embedding-004", "google"),
    ("text-embedding-005", "google"),
    ("text-multilingual-embedding", "google"),
    ("mistral-", "mistral"),
    ("codestral", "mistral"),
    ("ministral", "mistral"),
    ("magistral", "mistral"),
    ("pixtral", "mistral"),
    ("devstral", "mistral"),
    ("voxtral", "mistral"),
    ("open-mistral", "mistral"),
    ("open-mixtral", "mistral"),
    ("command-", "cohere"),
    ("c4ai-", "cohere"),
    ("embed-v", "cohere"),
    ("embed-english", "cohere"),
    ("embed-multilingual", "cohere"),
    ("deepseek-chat", "deepseek"),
    ("deepseek-reasoner", "deepseek"),
    ("deepseek-v", "deepseek"),
    ("grok-", "xai"),
];

/// Makers as Amazon Bedrock writes them before a dot.
const BEDROCK_MAKERS: [&str; 18] = [
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "luma",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "twelvelabs",
    "writer",
];

/// Regions as Amazon Bedrock writes them before a maker.
const BEDROCK_REGIONS: [&str; 9] = ["us", "eu", "apac", "global", "jp", "au", "ca", "sa", "us-gov"];

/// A provider's name without what differs only in spelling: `azure.ai.openai` and `Azure/AI OpenAI` are one.
pub(super) fn fold_provider(name: &str) -> String {
    let fold = |c: char| {
        if matches!(c, '.' | '-' | '/' | ' ') { '_' } else { c.to_ascii_lowercase() }
    };
    name.trim().chars().map(fold).collect()
}

/// The provider that a bare, lower-case model name naturally belongs to.
pub(super) fn maker_of(model: &str) -> Option<&'static str> {
    if is_bedrock_name(model) {
        return Some("bedrock");
    }
    let starts = |family: &str| {
        let rest = model.strip_prefix(family)?;
        // `o1` is `o1` or `o1-...`, not `o100`; a family ending in a dash or digit-free word needs no such care.
        let whole_word = family.len() > 2 || rest.is_empty() || rest.starts_with('-');
        whole_word.then_some(())
    };
    FAMILIES.iter().find(|(family, _)| starts(family).is_some()).map(|(_, provider)| *provider)
}

/// `anthropic.claude-...`, `us.anthropic.claude-...` or an ARN of Amazon Bedrock.
fn is_bedrock_name(model: &str) -> bool {
    model.starts_with("arn:aws") || without_maker(without_region(model).unwrap_or(model)).is_some()
}

/// Takes a Bedrock region off: `us.anthropic.x` -> `anthropic.x`.
pub(super) fn without_region(name: &str) -> Option<&str> {
    let (region, rest) = name.split_once('.')?;
    BEDROCK_REGIONS.contains(&region).then_some(rest)
}

/// Takes a Bedrock maker off: `anthropic.x` -> `x`.
pub(super) fn without_maker(name: &str) -> Option<&str> {
    let (maker, rest) = name.split_once('.')?;
    BEDROCK_MAKERS.contains(&maker).then_some(rest)
}

/// Takes a resource path off: `models/x`, `projects/p/locations/l/publishers/google/models/x`, a Bedrock ARN.
pub(super) fn without_path(name: &str) -> Option<&str> {
    if name.starts_with("arn:") {
        return name.rsplit_once('/').map(|(_, last)| last);
    }
    if let Some((_, last)) = name.rsplit_once("/models/") {
        return Some(last);
    }
    name.strip_prefix("models/")
}

/// Takes a tag off that names no other model: `:latest`, `@latest`, `@default`, `-latest`, Bedrock's `:0` and `:0:200k`,
/// and Google's `-001`.
pub(super) fn without_tag(name: &str) -> Option<&str> {
    for tag in [":latest", "@latest", "@default", "-latest"] {
        if let Some(rest) = name.strip_suffix(tag) {
            return Some(rest);
        }
    }
    // Google numbers the stable builds of one model.
    if name.starts_with("gemini-")
        && let Some((rest, build)) = name.rsplit_once("-00")
        && build.len() == 1
        && all_digits(build)
    {
        return Some(rest);
    }
    let (rest, tag) = name.split_once(':')?;
    let revision = tag.split_once(':').map_or(tag, |(revision, _)| revision);
    (!rest.is_empty() && !revision.is_empty() && revision.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

/// A name and the date it ended in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dated<'a> {
    /// The name before the date.
    pub(super) base: &'a str,
    /// The date as `YYYYMMDD`.
    pub(super) day: u32,
}

impl Dated<'_> {
    /// The ways this dated name may be written.
    pub(super) fn spellings(&self) -> [String; 3] {
        let (base, day) = (self.base, self.day);
        let (year, month, of_month) = (day / 10_000, day / 100 % 100, day % 100);
        [
            format!("{base}-{year:04}-{month:02}-{of_month:02}"),
            format!("{base}-{day:08}"),
            format!("{base}@{day:08}"),
        ]
    }
}

/// Takes a date off the end: `-2024-08-06`, `-20250929`, `@20250929`, each perhaps with Bedrock's `-v1` behind it.
pub(super) fn without_date(name: &str) -> Option<Dated<'_>> {
    dated(name).or_else(|| dated(without_version(name)?))
}

fn dated(name: &str) -> Option<Dated<'_>> {
    for (length, dashes) in [(11, true), (9, false)] {
        let Some(start) = name.len().checked_sub(length) else {
            continue;
        };
        let Some((base, tail)) = name.split_at_checked(start) else {
            continue;
        };
        if base.is_empty() || !tail.starts_with(['-', '@']) {
            continue;
        }
        let digits = if dashes {
            joined(&tail[1..])
        } else {
            tail[1..].parse().ok().filter(|_| all_digits(&tail[1..]))
        };
        if let Some(day) = digits.filter(|day| is_day(*day)) {
            return Some(Dated { base, day });
        }
    }
    None
}

/// `2024-08-06` as 20240806.
fn joined(date: &str) -> Option<u32> {
    let mut parts = date.split('-');
    let mut part =
        |length: usize| parts.next().filter(|p| p.len() == length && all_digits(p))?.parse::<u32>().ok();
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    Some(year * 10_000 + month * 100 + day)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_day(day: u32) -> bool {
    (2015..2100).contains(&(day / 10_000))
        && (1..=12).contains(&(day / 100 % 100))
        && (1..=31).contains(&(day % 100))
}

/// Takes `-v1` off the end.
fn without_version(name: &str) -> Option<&str> {
    let (base, version) = name.rsplit_once("-v")?;
    (!base.is_empty() && !version.is_empty() && all_digits(version)).then_some(base)
}

/// One provider's model names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NameIndex {
    /// Names and aliases as the sheet gives them.
    exact: HashMap<Box<str>, usize>,
    /// Shorter forms that belong to one model only, such as `claude-sonnet-4-5` for Bedrock's full name.
    short: HashMap<Box<str>, Short>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Short {
    /// `None`: several models could be meant, so none is.
    model: Option<usize>,
    /// The date that was taken off, 0 where none was.
    day: u32,
}

impl NameIndex {
    /// Adds a name that is taken as it stands.
    pub(super) fn add(&mut self, name: &str, model: usize) {
        self.exact.insert(name.into(), model);
    }

    /// Adds the short forms of every name. All names must have been added.
    pub(super) fn add_short_forms(&mut self) {
        let mut names: Vec<(Box<str>, usize)> =
            self.exact.iter().map(|(name, model)| (name.clone(), *model)).collect();
        names.sort_unstable();
        for (name, model) in names {
            for (short, day) in short_forms(&name) {
                if !self.exact.contains_key(short.as_str()) {
                    self.add_short(short, model, day);
                }
            }
        }
    }

    /// A form without a date taken off beats one with; of two dates the later one wins; else nobody does.
    fn add_short(&mut self, short: String, model: usize, day: u32) {
        match self.short.entry(short.into_boxed_str()) {
            Entry::Vacant(free) => {
                free.insert(Short { model: Some(model), day });
            }
            Entry::Occupied(mut taken) => {
                let held = taken.get_mut();
                let age = |day: u32| if day == 0 { u32::MAX } else { day };
                match age(day).cmp(&age(held.day)) {
                    std::cmp::Ordering::Greater => *held = Short { model: Some(model), day },
                    std::cmp::Ordering::Equal if held.model != Some(model) => held.model = None,
                    _ => {}
                }
            }
        }
    }

    /// The model with exactly this name.
    pub(super) fn exact(&self, name: &str) -> Option<usize> {
        self.exact.get(name).copied()
    }

    /// The model with this name or this short form.
    pub(super) fn known(&self, name: &str) -> Option<usize> {
        self.exact(name).or_else(|| self.short.get(name)?.model)
    }

    /// The model that a name means after tags and dates are taken off; prefixes must be off already.
    pub(super) fn known_without_suffixes(&self, name: &str) -> Option<usize> {
        let untagged = without_tag(name).unwrap_or(name);
        if let Some(model) = self.known(untagged) {
            return Some(model);
        }
        let dated = without_date(untagged)?;
        if let Some(model) = dated.spellings().iter().find_map(|spelling| self.known(spelling)) {
            return Some(model);
        }
        // A date that is not known may stand for the undated model, never for another date of it.
        let undated = |short: &Short| short.model.filter(|_| short.day == 0);
        self.exact(dated.base).or_else(|| self.short.get(dated.base).and_then(undated))
    }
}

/// All shorter forms of a sheet's name, with the date that was taken off.
fn short_forms(name: &str) -> Vec<(String, u32)> {
    let mut forms: Vec<(String, u32)> = vec![(name.to_owned(), 0)];
    let mut next = 0;
    while let Some((form, day)) = forms.get(next).cloned() {
        next += 1;
        let of_bedrock = without_maker(without_region(name).unwrap_or(name)).is_some();
        let mut shorter: Vec<(&str, u32)> = vec![];
        shorter.extend(without_tag(&form).map(|short| (short, day)));
        shorter.extend(without_maker(&form).map(|short| (short, day)));
        if of_bedrock {
            shorter.extend(without_version(&form).map(|short| (short, day)));
        }
        shorter.extend(dated(&form).map(|found| (found.base, found.day)));
        for (short, day) in shorter {
            if !short.is_empty() && forms.iter().all(|(known, _)| known != short) {
                forms.push((short.to_owned(), day));
            }
        }
    }
    forms.remove(0);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_come_off_and_nothing_else_does() {
        let base = |name| without_date(name).map(|found| (found.base, found.day));
        assert_eq!(base("gpt-4o-2024-08-06"), Some(("gpt-4o", 20_240_806)));
        assert_eq!(base("claude-sonnet-4-5-20250929"), Some(("claude-sonnet-4-5", 20_250_929)));
        assert_eq!(base("claude-sonnet-4-5@20250929"), Some(("claude-sonnet-4-5", 20_250_929)));
        assert_eq!(base("claude-sonnet-4-5-20250929-v1"), Some(("claude-sonnet-4-5", 20_250_929)));
        for name in [
            "gpt-4-0613",
            "gpt-4o",
            "-20250929",
            "x-20251329",
            "x-20250932",
            "x-19990101",
            "x-2024-8-06",
            "mistral-large-2411",
            "x-+2024086",
            "ü-2024-08-0é",
        ] {
            assert_eq!(base(name), None, "{name}");
        }
    }

    #[test]
    fn tags_regions_makers_and_paths() {
        assert_eq!(without_tag("anthropic.claude-v2:1"), Some("anthropic.claude-v2"));
        assert_eq!(without_tag("amazon.nova-pro-v1:0:300k"), Some("amazon.nova-pro-v1"));
        assert_eq!(without_tag("llama3:8b"), None);
        assert_eq!(without_tag("ft:gpt-4o-2024-08-06:org::id"), None);
        assert_eq!(without_region("eu.anthropic.claude"), Some("anthropic.claude"));
        assert_eq!(without_region("gpt-4.1"), None);
        assert_eq!(without_maker("gpt-4.1"), None);
        assert_eq!(without_path("models/gemini-2.5-pro"), Some("gemini-2.5-pro"));
        assert_eq!(
            without_path("projects/p/locations/l/publishers/google/models/gemini-2.5-pro"),
            Some("gemini-2.5-pro")
        );
        assert_eq!(
            without_path("arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude"),
            Some("us.anthropic.claude")
        );
    }

    #[test]
    fn makers_of_bare_names() {
        let expected = [
            ("gpt-4o", Some("openai")),
            ("o3", Some("openai")),
            ("o3-mini", Some("openai")),
            ("o300", None),
            ("gpt-oss-120b", None),
            ("claude-sonnet-4-5", Some("anthropic")),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Some("bedrock")),
            ("amazon.nova-pro-v1:0", Some("bedrock")),
            ("gemini-2.5-pro", Some("google")),
            ("mistral-large-latest", Some("mistral")),
            ("grok-4", Some("xai")),
            ("llama-3.3-70b-versatile", None),
            ("my-own-model", None),
        ];
        for (model, provider) in expected {
            assert_eq!(maker_of(model), provider, "{model}");
        }
    }

    #[test]
    fn short_forms_of_a_full_bedrock_name() {
        let mut index = NameIndex::default();
        for (model, name) in [
            "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "anthropic.claude-3-5-sonnet-20240620-v1:0",
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            "amazon.titan-embed-text-v1",
            "amazon.titan-embed-text-v2:0",
        ]
        .iter()
        .enumerate()
        {
            index.add(name, model);
        }
        index.add_short_forms();
        for name in
            ["anthropic.claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"]
        {
            assert_eq!(index.known(name), Some(0), "{name}");
        }
        assert_eq!(index.known("claude-3-5-sonnet"), Some(2), "the later date");
        assert_eq!(index.known("claude-3-5-sonnet-20240620"), Some(1));
        assert_eq!(index.known("amazon.titan-embed-text-v2"), Some(4));
        assert_eq!(index.known("amazon.titan-embed-text"), None, "two versions could be meant");
        assert_eq!(
            index.known_without_suffixes("claude-3-5-sonnet-20250101"),
            None,
            "an unknown date is not another date"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_rules(name in "\\PC{0,40}") {
            let _ = (maker_of(&name), without_tag(&name), without_date(&name), without_path(&name), short_forms(&name), fold_provider(&name));
        }
    }
}
