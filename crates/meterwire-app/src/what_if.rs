//! What a range would have cost with another model, or at other prices.

use crate::ports::SurveyRequest;
use crate::spend::SpendQuery;
use crate::{AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{Bucket, Granularity, Range};
use meterwire_core::price::{PriceChanges, PriceEntry, PriceId, PriceOverTime, RateCard};
use meterwire_core::usage_query::{Filter, parse_filters};
use meterwire_core::what_if::{Instead, WhatIf, WhatIfSums};
use std::sync::{Arc, Mutex, PoisonError};

/// A question, as it came in.
#[derive(Debug, Clone)]
pub struct WhatIfQuery {
    /// Whose usage, over which range.
    pub spend: SpendQuery,
    /// More filters: dimension and value.
    pub filters: Vec<(String, String)>,
    /// The provider whose model is replaced; any where there is none.
    pub provider: Option<String>,
    /// The model that is replaced, as events name it; all of them where there is none.
    pub model: Option<String>,
    /// By what.
    pub instead: InsteadOf,
}

/// By what events are priced anew, as it came in.
#[derive(Debug, Clone)]
pub enum InsteadOf {
    /// Another model of the tenant's price book.
    Model {
        /// Who sells it; that of the replaced model, or of the model itself, where it is not named.
        provider: Option<String>,
        /// Its name.
        model: String,
    },
    /// Other prices, whenever an event happened.
    Rates(Box<RateCard>),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct WhatIfReply {
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range.
    pub range: Range,
    /// The price that is taken now; of a model it may have been another one on earlier days.
    pub instead: PriceEntry,
    /// Sums over the range.
    pub total: WhatIfSums,
    /// Sums of every day that has begun, or has usage.
    pub days: Vec<(Bucket, WhatIfSums)>,
}

impl Meterwire {
    /// Prices the events of a range anew, each by its own tokens.
    pub async fn what_if(&self, caller: &Caller, query: WhatIfQuery) -> Result<WhatIfReply, AppError> {
        let scope = self.scope_of(caller, &query.spend).await?;
        let range = scope.range(&query.spend.range, "this_month")?;
        let mut filters = parse_filters(query.filters, &self.dimensions(scope.tenant.id).await?)?;
        filters.extend(scope.filters.clone());
        let chosen = [(Dimension::Provider, &query.provider), (Dimension::Model, &query.model)];
        for (dimension, value) in chosen {
            filters.extend(value.clone().map(|value| Filter { dimension, values: vec![Some(value)] }));
        }
        let at_ms = scope.now_ms.min(range.to_ms - 1);
        let (instead, price) = self.instead(scope.tenant.id, query.instead, query.provider, at_ms).await?;
        let days = scope.buckets(range, Granularity::Day)?;
        let what_if = Arc::new(Mutex::new(WhatIf::new(instead, days)));
        let request = SurveyRequest { range, filters, requests: false, sums: vec![] };
        self.usage.survey(scope.tenant.id, request, what_if.clone()).await?;
        let what_if = what_if.lock().unwrap_or_else(PoisonError::into_inner);
        let mut days = what_if.days().to_vec();
        while days.pop_if(|(day, sums)| day.range.from_ms > scope.now_ms && sums.calls == 0).is_some() {}
        Ok(WhatIfReply {
            as_of_ms: scope.now_ms,
            tz: scope.tz,
            range,
            instead: price,
            total: what_if.total(),
            days,
        })
    }

    /// By what events are priced anew, and the price that is taken now.
    async fn instead(
        &self,
        tenant: crate::ports::TenantId,
        instead: InsteadOf,
        of_provider: Option<String>,
        at_ms: i64,
    ) -> Result<(Instead, PriceEntry), AppError> {
        match instead {
            InsteadOf::Rates(card) => {
                let id = PriceId::new("what-if");
                let price = PriceEntry::from_card(id, "what-if", "what-if", None, None, *card, "what-if")
                    .map_err(|error| Invalid::new("prices", error.to_string()))?;
                Ok((Instead::Price(Box::new(price.clone())), price))
            }
            InsteadOf::Model { provider, model } => {
                let book = self.book_of(tenant).await?;
                let known = |provider: Option<&str>| book.resolve(provider, &model, at_ms).cloned();
                // A model that its name gives away need not be of the replaced one's provider.
                let found = match &provider {
                    Some(named) => known(Some(named)),
                    None => known(None).or_else(|| known(of_provider.as_deref())),
                };
                let price = found.ok_or_else(|| {
                    let sentence =
                        format!("there is no price for {model:?}; name its provider, or give prices");
                    Invalid::new("instead", sentence)
                })?;
                let changes = PriceChanges::of(&book);
                let over_time = PriceOverTime::new(book.clone(), changes, Some(price.provider()), &model);
                Ok((Instead::Model(Box::new(over_time)), price))
            }
        }
    }
}
