//! Who uses what in the demo: three made-up companies of different character, with real models of the price book and
//! two house models that have no price.

/// A tenant of the demo.
pub(super) struct Company {
    pub slug: &'static str,
    pub name: &'static str,
    pub timezone: &'static str,
    /// Requests on an ordinary weekday at the end of the ninety days.
    pub daily: f64,
    /// Share of that at their beginning.
    pub start: f64,
    /// Share of a weekday's requests on a Saturday or Sunday.
    pub weekend: f64,
    /// Requests by hour of the day, relative to each other.
    pub hours: [u32; 24],
    pub users: u32,
    pub user_prefix: &'static str,
    pub countries: &'static [(&'static str, u32)],
    pub projects: &'static [(Project, u32)],
    /// An outage at a provider: how many days ago, and whose.
    pub outage: Option<(i32, &'static str)>,
}

impl Company {
    /// The id of one of its users, the first being 1.
    pub(super) fn user(&self, number: u32) -> String {
        format!("{}-{number:04}", self.user_prefix)
    }
}

/// A project of a company.
pub(super) struct Project {
    pub slug: &'static str,
    pub name: &'static str,
    pub department: &'static str,
    pub team: &'static str,
    pub agents: &'static [(&'static str, u32)],
    pub api_keys: &'static [(&'static str, u32)],
    pub models: &'static [(Model, u32)],
    pub operation: &'static str,
    pub service_tiers: &'static [(&'static str, u32)],
    /// Median tokens of a request and of its answer.
    pub input: f64,
    pub output: f64,
    /// Percent of requests whose beginning is in the provider's cache, and the share of their input that it is.
    pub cached_percent: f64,
    pub cached_share: f64,
    /// Percent of requests that repeat an earlier one.
    pub repeated_percent: f64,
}

/// A model in use.
pub(super) struct Model {
    pub provider: &'static str,
    pub name: &'static str,
    /// Median milliseconds to the first token, and for each token after it.
    pub first_token_ms: f64,
    pub token_ms: f64,
    /// Share of the output that is reasoning.
    pub reasoning: f64,
    /// Percent of requests that fail.
    pub error_percent: f64,
}

const fn model(provider: &'static str, name: &'static str, first_token_ms: f64, token_ms: f64) -> Model {
    Model { provider, name, first_token_ms, token_ms, reasoning: 0.0, error_percent: 0.8 }
}

const fn thinking(model: Model, reasoning: f64) -> Model {
    Model { reasoning, ..model }
}

const GPT_4O: Model = model("openai", "gpt-4o", 420.0, 11.0);
const GPT_4O_MINI: Model = model("openai", "gpt-4o-mini", 310.0, 7.0);
const GPT_5: Model = thinking(model("openai", "gpt-5", 900.0, 12.0), 0.55);
const GPT_5_MINI: Model = thinking(model("openai", "gpt-5-mini", 600.0, 8.0), 0.35);
const EMBEDDING: Model = model("openai", "text-embedding-3-small", 90.0, 0.0);
const HAIKU: Model = model("anthropic", "claude-haiku-4-5", 380.0, 6.0);
const SONNET: Model = model("anthropic", "claude-sonnet-4-5", 720.0, 14.0);
const OPUS: Model = model("anthropic", "claude-opus-4-5", 1100.0, 19.0);
const GEMINI_PRO: Model = thinking(model("google", "gemini-2.5-pro", 1300.0, 9.0), 0.45);
const GEMINI_FLASH: Model = model("google", "gemini-2.5-flash", 350.0, 5.0);
const CODESTRAL: Model = model("mistral", "codestral", 210.0, 5.0);
const DEEPSEEK: Model = model("deepseek", "deepseek-chat", 800.0, 22.0);
const LLAMA: Model = model("groq", "llama-3.3-70b-versatile", 120.0, 3.0);
const HOUSE_TUNED: Model =
    Model { error_percent: 2.5, ..model("in-house", "tidewater-support-ft", 240.0, 10.0) };
const HOUSE_LAB: Model = Model { error_percent: 3.5, ..model("in-house", "heron-8b-instruct", 160.0, 8.0) };

const OFFICE: [u32; 24] =
    [1, 1, 1, 1, 1, 2, 5, 14, 30, 44, 50, 46, 32, 40, 48, 46, 40, 28, 14, 8, 6, 4, 2, 1];
const ROUND_THE_CLOCK: [u32; 24] =
    [9, 7, 6, 5, 5, 7, 11, 17, 26, 33, 37, 39, 38, 37, 38, 37, 35, 34, 33, 32, 29, 24, 18, 13];
const LATE: [u32; 24] =
    [9, 8, 8, 7, 5, 3, 2, 3, 6, 12, 20, 24, 18, 20, 25, 27, 26, 22, 18, 17, 19, 20, 17, 13];

/// The companies.
pub(super) const COMPANIES: [Company; 3] = [SUPPORT, CODE, LAB];

const SUPPORT: Company = Company {
    slug: "tidewater",
    name: "Tidewater Care",
    timezone: "America/New_York",
    daily: 520.0,
    start: 0.55,
    weekend: 0.62,
    hours: ROUND_THE_CLOCK,
    users: 1400,
    user_prefix: "cust",
    countries: &[("US", 68), ("CA", 14), ("MX", 8), ("GB", 6), ("BR", 4)],
    outage: None,
    projects: &[
        (
            Project {
                slug: "reply-bot",
                name: "Reply bot",
                department: "care",
                team: "automation",
                agents: &[("answer", 70), ("refund", 18), ("escalate", 12)],
                api_keys: &[("care-prod", 90), ("care-staging", 10)],
                models: &[(GPT_4O_MINI, 38), (HAIKU, 24), (GPT_4O, 18), (GPT_5_MINI, 10), (HOUSE_TUNED, 10)],
                operation: "chat",
                service_tiers: &[("default", 92), ("priority", 8)],
                input: 2600.0,
                output: 210.0,
                cached_percent: 72.0,
                cached_share: 0.7,
                repeated_percent: 9.0,
            },
            60,
        ),
        (
            Project {
                slug: "inbox-triage",
                name: "Inbox triage",
                department: "care",
                team: "automation",
                agents: &[("classify", 100)],
                api_keys: &[("care-prod", 100)],
                models: &[(GPT_4O_MINI, 60), (GEMINI_FLASH, 40)],
                operation: "chat",
                service_tiers: &[("default", 70), ("flex", 30)],
                input: 900.0,
                output: 30.0,
                cached_percent: 40.0,
                cached_share: 0.5,
                repeated_percent: 14.0,
            },
            26,
        ),
        (
            Project {
                slug: "help-search",
                name: "Help search",
                department: "product",
                team: "web",
                agents: &[("search", 100)],
                api_keys: &[("web-prod", 100)],
                models: &[(EMBEDDING, 100)],
                operation: "embeddings",
                service_tiers: &[("default", 100)],
                input: 320.0,
                output: 0.0,
                cached_percent: 0.0,
                cached_share: 0.0,
                repeated_percent: 6.0,
            },
            14,
        ),
    ],
};

const CODE: Company = Company {
    slug: "forgeline",
    name: "Forgeline",
    timezone: "Europe/Berlin",
    daily: 470.0,
    start: 0.35,
    weekend: 0.16,
    hours: OFFICE,
    users: 170,
    user_prefix: "dev",
    countries: &[("DE", 52), ("PL", 18), ("FR", 12), ("PT", 10), ("IN", 8)],
    outage: Some((19, "anthropic")),
    projects: &[
        (
            Project {
                slug: "code-assistant",
                name: "Code assistant",
                department: "engineering",
                team: "editor",
                agents: &[("edit", 50), ("explain", 30), ("plan", 20)],
                api_keys: &[("editor-prod", 85), ("editor-beta", 15)],
                models: &[(SONNET, 58), (GPT_5, 22), (OPUS, 8), (DEEPSEEK, 12)],
                operation: "chat",
                service_tiers: &[("default", 100)],
                input: 9500.0,
                output: 620.0,
                cached_percent: 80.0,
                cached_share: 0.78,
                repeated_percent: 1.5,
            },
            48,
        ),
        (
            Project {
                slug: "autocomplete",
                name: "Autocomplete",
                department: "engineering",
                team: "editor",
                agents: &[("complete", 100)],
                api_keys: &[("editor-prod", 100)],
                models: &[(CODESTRAL, 78), (LLAMA, 22)],
                operation: "text_completion",
                service_tiers: &[("default", 100)],
                input: 1900.0,
                output: 45.0,
                cached_percent: 0.0,
                cached_share: 0.0,
                repeated_percent: 3.0,
            },
            38,
        ),
        (
            Project {
                slug: "review-bot",
                name: "Review bot",
                department: "quality",
                team: "platform",
                agents: &[("review", 75), ("summary", 25)],
                api_keys: &[("ci", 100)],
                models: &[(SONNET, 45), (GPT_5_MINI, 55)],
                operation: "chat",
                service_tiers: &[("default", 45), ("batch", 55)],
                input: 14000.0,
                output: 900.0,
                cached_percent: 30.0,
                cached_share: 0.4,
                repeated_percent: 4.0,
            },
            14,
        ),
    ],
};

const LAB: Company = Company {
    slug: "heron-lab",
    name: "Heron Research Lab",
    timezone: "Asia/Kathmandu",
    daily: 260.0,
    start: 0.8,
    weekend: 0.55,
    hours: LATE,
    users: 26,
    user_prefix: "res",
    countries: &[("NP", 74), ("IN", 16), ("AU", 10)],
    outage: None,
    projects: &[
        (
            Project {
                slug: "paper-reader",
                name: "Paper reader",
                department: "language",
                team: "reading",
                agents: &[("read", 65), ("compare", 35)],
                api_keys: &[("lab", 100)],
                models: &[(GEMINI_PRO, 55), (GPT_5, 25), (OPUS, 20)],
                operation: "chat",
                service_tiers: &[("default", 60), ("batch", 40)],
                input: 31000.0,
                output: 1400.0,
                cached_percent: 45.0,
                cached_share: 0.85,
                repeated_percent: 2.0,
            },
            38,
        ),
        (
            Project {
                slug: "labelling",
                name: "Labelling",
                department: "language",
                team: "data",
                agents: &[("label", 100)],
                api_keys: &[("lab-batch", 100)],
                models: &[(GPT_5_MINI, 35), (GEMINI_FLASH, 30), (HOUSE_LAB, 35)],
                operation: "chat",
                service_tiers: &[("batch", 80), ("default", 20)],
                input: 1100.0,
                output: 90.0,
                cached_percent: 55.0,
                cached_share: 0.6,
                repeated_percent: 1.0,
            },
            46,
        ),
        (
            Project {
                slug: "field-notes",
                name: "Field notes",
                department: "ecology",
                team: "field",
                agents: &[],
                api_keys: &[("field", 100)],
                models: &[(GPT_4O, 70), (LLAMA, 30)],
                operation: "chat",
                service_tiers: &[("default", 100)],
                input: 1500.0,
                output: 380.0,
                cached_percent: 10.0,
                cached_share: 0.5,
                repeated_percent: 0.5,
            },
            16,
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use meterwire_core::price::PriceBook;
    use std::collections::BTreeSet;

    #[test]
    fn the_book_prices_every_model_but_the_house_models() {
        let now_ms = 1_795_343_400_000;
        let models =
            || COMPANIES.iter().flat_map(|company| company.projects).flat_map(|(project, _)| project.models);
        let unpriced: BTreeSet<&str> = models()
            .filter(|(model, _)| {
                PriceBook::builtin().resolve(Some(model.provider), model.name, now_ms).is_none()
            })
            .map(|(model, _)| model.name)
            .collect();
        assert_eq!(unpriced, BTreeSet::from(["heron-8b-instruct", "tidewater-support-ft"]));
    }
}
