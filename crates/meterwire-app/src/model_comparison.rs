//! Models beside each other: what each costs for what it does.

use crate::ports::Questions;
use crate::spend::{InOrder, ModelSpend, SpendQuery, SpendScope, models_of, total_of};
use crate::statistics::ModelOf;
use crate::{AppError, Caller, Meterwire, Shown, Source};
use meterwire_core::insight::{MIN_LARGE_PERCENT, cheaper_model};
use meterwire_core::model_cost::efficiency_scores;
use meterwire_core::money::format_decimal;
use meterwire_core::percent;
use meterwire_core::period::Range;
use meterwire_core::price::{PriceEntry, TenantBook};
use meterwire_core::totals::Totals;

/// The most recommendations of a comparison.
const MAX_RECOMMENDATIONS: usize = 5;

/// Models of a range beside each other.
#[derive(Debug, Clone)]
pub struct ModelComparison {
    /// When it was asked, Unix milliseconds; of a provider's numbers when they were read.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range.
    pub range: Range,
    /// Where the numbers come from.
    pub source: Shown,
    /// Sums over the range.
    pub total: Totals,
    /// The models, dearest first; they add up to the total.
    pub models: Vec<ModelSpend>,
    /// What to look at.
    pub recommendations: Vec<String>,
}

impl ModelComparison {
    pub(crate) fn of(
        scope: &SpendScope,
        range: Range,
        source: Shown,
        models: Vec<ModelSpend>,
        book: &TenantBook,
    ) -> Self {
        let total = total_of(&models);
        let at_ms = scope.now_ms.min(range.to_ms - 1);
        Self {
            as_of_ms: source.as_of_ms,
            tz: scope.tz.clone(),
            range,
            source,
            recommendations: recommendations(&models, &total, book, at_ms),
            total,
            models,
        }
    }
}

/// The efficiency scores of models, each among those that do the same; what stands for several models has none.
pub fn efficiency_of(models: &[ModelSpend]) -> Vec<Option<f64>> {
    let with_operation = |model: &'_ ModelSpend| model.operation.is_some();
    let named = models.iter().filter_map(|model| Some((model.operation.as_deref()?, &model.totals)));
    let named: Vec<(&str, &Totals)> = named.collect();
    let mut scores = efficiency_scores(&named).into_iter();
    models.iter().map(|model| if with_operation(model) { scores.next().flatten() } else { None }).collect()
}

impl Meterwire {
    /// Compares the models of a range, the current month unless another is asked for.
    pub async fn model_comparison(
        &self,
        caller: &Caller,
        query: &SpendQuery,
    ) -> Result<ModelComparison, AppError> {
        let scope = self.scope_of(caller, query).await?;
        let range = scope.range(&query.range, "this_month")?;
        let book = self.book_of(scope.tenant.id).await?;
        let source = self.source_of(&scope, range).await?;
        if source.source == Source::Provider {
            let models = self.provider_models(&scope, range).await?;
            return Ok(ModelComparison::of(&scope, range, source, models, &book));
        }
        let questions = Questions { sums: scope.model_sums(range).into(), log: None };
        let mut answers = InOrder::new(self.usage.ask(scope.tenant.id, questions).await?.sums);
        let models = models_of(answers.next(), answers.next());
        Ok(ModelComparison::of(&scope, range, source, models, &book))
    }
}

/// Large models with the prices of the smaller ones beside theirs, and models without a price.
fn recommendations(models: &[ModelSpend], total: &Totals, book: &TenantBook, at_ms: i64) -> Vec<String> {
    let mut sentences = Vec::new();
    for ModelSpend { provider, model, totals, .. } in models {
        let ModelOf::Named(name) = model else { continue };
        if totals.unpriced_calls > 0 {
            sentences.push(format!(
                "{name} has no price for {} of its calls: give it one, they are in no cost.",
                totals.unpriced_calls
            ));
        }
        let share = percent::share(totals.cost.0, total.cost.0);
        let is_large =
            i128::from(totals.cost.0) * 100 >= i128::from(total.cost.0) * i128::from(MIN_LARGE_PERCENT);
        let Some(share) = share.filter(|_| is_large && totals.cost.0 > 0) else { continue };
        let Some(large) = book.resolve(provider.as_deref(), name, at_ms) else { continue };
        let Some(small) = cheaper_model(book, provider.as_deref(), name, at_ms) else { continue };
        sentences.push(format!(
            "{name} made {share} % of the cost at {} USD per million tokens; {} of the same provider costs {}. What the \
             range would have cost with it: /api/v1/usage/what-if.",
            rates_text(large),
            small.model(),
            rates_text(&small)
        ));
    }
    sentences.truncate(MAX_RECOMMENDATIONS);
    sentences
}

/// `2.5 in and 10 out`.
fn rates_text(price: &PriceEntry) -> String {
    let rates = price.card().rates;
    format!("{} in and {} out", format_decimal(rates.input.0, 6), format_decimal(rates.output.0, 6))
}
