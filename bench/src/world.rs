//! Who uses what: tenants with their projects, users, keys and agents. Made from a seed.
//!
//! Shapes are those of real traces, read once; nothing of the traces is here but these numbers:
//! - ServeGen, an hour of a model host with 35 clients: the largest sends 32 % of all requests, and the share falls with
//!   the rank to the power of -1.20. Within a client, input spreads by sigma 0.5 around its own median and output by
//!   0.45; the medians of clients spread by 1.2 and 0.5 around 300 and 500 tokens.
//! - Azure, an hour of code completion, and Mooncake, requests with long contexts: the sizes in `traffic.rs`.
//!
//! No trace names users, keys, countries or features: those are assumptions.

use crate::random::{Choice, Random, zipf_weights};

/// How fast the share of a tenant falls with its rank.
const TENANT_EXPONENT: f64 = 1.2;
/// How fast the share of a user, a model, a project or a feature falls with its rank within a tenant.
const USER_EXPONENT: f64 = 1.0;
const MODEL_EXPONENT: f64 = 1.1;
const PROJECT_EXPONENT: f64 = 1.0;
pub(crate) const TENANTS: usize = 20;
/// Users of all tenants together, spread like the usage, but none has fewer than the second number.
const USERS: f64 = 40_000.0;
const MIN_USERS: f64 = 60.0;
const MOST_PROJECTS: f64 = 60.0;
const MIN_PROJECTS: f64 = 4.0;

/// A model that has a price.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) provider: &'static str,
    pub(crate) name: &'static str,
    pub(crate) does: Does,
    /// Medians, in milliseconds.
    pub(crate) first_token_ms: f64,
    pub(crate) token_ms: f64,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    Answer,
    Reason,
    Embed,
}

const fn model(
    provider: &'static str,
    name: &'static str,
    does: Does,
    first_token_ms: f64,
    token_ms: f64,
) -> Model {
    Model { provider, name, does, first_token_ms, token_ms }
}

use Does::{Answer, Embed, Reason};

/// Thirty models of six providers.
pub(crate) static MODELS: [Model; 30] = [
    model("openai", "gpt-4o", Answer, 420.0, 14.0),
    model("openai", "gpt-4o-mini", Answer, 330.0, 9.0),
    model("anthropic", "claude-sonnet-4-5", Answer, 700.0, 15.0),
    model("openai", "gpt-5", Reason, 900.0, 16.0),
    model("google", "gemini-2.5-flash", Answer, 300.0, 6.0),
    model("openai", "text-embedding-3-small", Embed, 60.0, 0.0),
    model("anthropic", "claude-haiku-4-5", Answer, 380.0, 8.0),
    model("openai", "gpt-4.1-mini", Answer, 350.0, 10.0),
    model("google", "gemini-2.5-pro", Reason, 950.0, 11.0),
    model("openai", "gpt-4.1", Answer, 450.0, 13.0),
    model("deepseek", "deepseek-chat", Answer, 800.0, 22.0),
    model("openai", "gpt-5-mini", Reason, 600.0, 9.0),
    model("anthropic", "claude-opus-4-5", Answer, 900.0, 21.0),
    model("deepseek", "deepseek-reasoner", Reason, 900.0, 24.0),
    model("openai", "o4-mini", Reason, 800.0, 10.0),
    model("mistral", "mistral-large", Answer, 420.0, 15.0),
    model("openai", "text-embedding-3-large", Embed, 80.0, 0.0),
    model("google", "gemini-2.5-flash-lite", Answer, 220.0, 4.0),
    model("openai", "o3", Reason, 1200.0, 16.0),
    model("mistral", "codestral", Answer, 260.0, 7.0),
    model("anthropic", "claude-3-5-sonnet", Answer, 650.0, 15.0),
    model("google", "gemini-embedding-001", Embed, 70.0, 0.0),
    model("mistral", "mistral-small-latest", Answer, 280.0, 8.0),
    model("cohere", "command-a", Answer, 400.0, 12.0),
    model("google", "gemini-3-pro-preview", Reason, 1100.0, 12.0),
    model("deepseek", "deepseek-r1", Reason, 1000.0, 25.0),
    model("anthropic", "claude-opus-5", Answer, 950.0, 20.0),
    model("cohere", "command-r-plus", Answer, 420.0, 14.0),
    model("mistral", "ministral-8b", Answer, 180.0, 5.0),
    model("cohere", "command-r7b", Answer, 160.0, 5.0),
];

/// What the requests of a project are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Conversations, as ServeGen's clients.
    Chat,
    /// Completions of code, as Azure's.
    Code,
    /// Long contexts that come again and again, as Mooncake's.
    Agent,
    /// Embeddings.
    Search,
}

/// How many projects of a hundred are of each kind.
const KINDS: [(Kind, f64); 4] =
    [(Kind::Chat, 55.0), (Kind::Code, 20.0), (Kind::Agent, 18.0), (Kind::Search, 7.0)];
const DEPARTMENTS: [&str; 8] =
    ["care", "engineering", "finance", "legal", "marketing", "operations", "research", "sales"];
/// The countries of users, by how many of a hundred.
const COUNTRIES: [(&str, f64); 16] = [
    ("US", 33.0),
    ("DE", 12.0),
    ("GB", 10.0),
    ("IN", 9.0),
    ("FR", 7.0),
    ("JP", 6.0),
    ("BR", 5.0),
    ("CA", 4.0),
    ("NL", 3.0),
    ("ES", 3.0),
    ("PL", 2.0),
    ("AU", 2.0),
    ("SE", 1.5),
    ("ZA", 1.0),
    ("KE", 1.0),
    ("NP", 0.5),
];
/// Values of the property `feature`.
pub(crate) const FEATURES: [&str; 12] = [
    "reply",
    "summary",
    "search",
    "draft",
    "review",
    "translate",
    "classify",
    "extract",
    "plan",
    "report",
    "voice",
    "test",
];

/// A project: one kind of work of one department.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) department: &'static str,
    pub(crate) kind: Kind,
    pub(crate) api_keys: Vec<String>,
    /// None: nothing of this project names an agent.
    pub(crate) agents: Vec<String>,
    /// Medians of its tokens, for conversations.
    pub(crate) input_median: f64,
    pub(crate) output_median: f64,
}

/// An end user, who lives in one country and works mostly in one project.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) country: &'static str,
    pub(crate) home: usize,
}

/// A tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) slug: String,
    /// Its part of all requests.
    pub(crate) share: f64,
    /// Where its people work: hours ahead of UTC.
    pub(crate) hours_ahead: i64,
    /// Requests of a day at the weekend, as a part of those of another day.
    pub(crate) weekend: f64,
    /// Requests of the last day, as a multiple of those of the first.
    pub(crate) growth: f64,
    pub(crate) projects: Vec<Project>,
    pub(crate) by_project: Choice,
    pub(crate) users: Vec<User>,
    pub(crate) by_user: Choice,
    /// Places in [`MODELS`], the one most used first.
    pub(crate) models: Vec<usize>,
    pub(crate) by_model: Choice,
}

/// Everybody.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) by_tenant: Choice,
    pub(crate) by_feature: Choice,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let weights = zipf_weights(TENANTS, TENANT_EXPONENT);
        let sum: f64 = weights.iter().sum();
        let tenants = (1..).zip(&weights).map(|(rank, weight)| {
            tenant(&mut Random::part(seed, rank), rank, weight / sum, weight / weights[0])
        });
        Self {
            tenants: tenants.collect(),
            by_tenant: Choice::new(&weights),
            by_feature: Choice::zipf(FEATURES.len(), MODEL_EXPONENT),
        }
    }
}

/// `of_largest` is its usage as a part of the largest tenant's.
fn tenant(random: &mut Random, rank: u64, share: f64, of_largest: f64) -> Tenant {
    let projects: Vec<Project> =
        (1..=count(MIN_PROJECTS, MOST_PROJECTS * of_largest)).map(|number| project(random, number)).collect();
    let by_project = Choice::zipf(projects.len(), PROJECT_EXPONENT);
    let by_country = Choice::new(&COUNTRIES.map(|(_, weight)| weight));
    let users: Vec<User> = (1..=count(MIN_USERS, USERS * share))
        .map(|number| User {
            name: format!("u-{rank:02}-{number:05}"),
            country: COUNTRIES[by_country.pick(random)].0,
            home: by_project.pick(random),
        })
        .collect();
    // The well-known models stay in front, in an order of the tenant's own.
    let mut models: Vec<(f64, usize)> = (0_u32..)
        .zip(0..MODELS.len())
        .map(|(rank, place)| (f64::from(rank) + random.between(0.0, 15.0), place))
        .collect();
    models.sort_by(|a, b| a.0.total_cmp(&b.0));
    Tenant {
        slug: format!("tenant-{rank:02}"),
        share,
        hours_ahead: [-8, -5, 0, 1, 2, 5, 9][usize::try_from(random.below(7)).unwrap_or(0)],
        weekend: random.between(0.25, 0.8),
        growth: random.between(0.9, 2.2),
        by_user: Choice::zipf(users.len(), USER_EXPONENT),
        projects,
        by_project,
        users,
        models: models.into_iter().map(|(_, place)| place).collect(),
        by_model: Choice::zipf(MODELS.len(), MODEL_EXPONENT),
    }
}

fn project(random: &mut Random, number: usize) -> Project {
    let kinds = Choice::new(&KINDS.map(|(_, weight)| weight));
    let name = format!("project-{number:02}");
    let numbered = |what: &str, count: u64| (1..=count).map(|n| format!("{name}-{what}-{n}")).collect();
    Project {
        department: DEPARTMENTS[usize::try_from(random.below(8)).unwrap_or(0)],
        kind: KINDS[kinds.pick(random)].0,
        api_keys: numbered("key", 1 + random.below(3)),
        agents: numbered("agent", random.below(4)),
        input_median: random.lognormal(300.0, 1.2),
        output_median: random.lognormal(500.0, 0.5),
        name,
    }
}

fn count(least: f64, wanted: f64) -> usize {
    usize::try_from(crate::random::whole(wanted.max(least), 1_000_000)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterwire_core::price::PriceBook;

    #[test]
    fn every_model_has_a_price() {
        let at_ms = crate::ingest::now_ms();
        for model in &MODELS {
            let price = PriceBook::builtin().resolve(Some(model.provider), model.name, at_ms);
            assert!(price.is_some(), "{} {}", model.provider, model.name);
        }
    }

    #[test]
    fn a_third_is_the_largest_tenants() {
        let world = World::new(7);
        assert_eq!(world.tenants.len(), TENANTS);
        assert!((0.30..0.38).contains(&world.tenants[0].share));
        let users: usize = world.tenants.iter().map(|tenant| tenant.users.len()).sum();
        assert!((30_000..50_000).contains(&users), "{users}");
        assert_eq!(world.tenants[3].users[5].country, World::new(7).tenants[3].users[5].country);
    }
}
