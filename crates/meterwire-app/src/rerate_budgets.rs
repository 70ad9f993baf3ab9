//! Which budgets take in usage that is rated anew.

use crate::ports::{PageRequest, RatedEvent, RatedFor, TenantId};
use crate::{AppError, Meterwire};
use meterwire_core::budget::{Scope, ScopeField};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows of one page.
const PAGE: usize = 500;
/// The most different values that are remembered; beyond, they are compared again.
const MAX_SEEN: usize = 100_000;

/// The budgets of a tenant, and which of them were met.
pub(crate) struct TouchedBudgets {
    left: Vec<(String, Scope)>,
    touched: Vec<String>,
    /// The team of a project, where a scope names one.
    teams: HashMap<String, String>,
    /// Values that were compared already.
    seen: HashSet<(RatedFor, Option<Arc<str>>)>,
}

impl TouchedBudgets {
    pub(crate) async fn load(app: &Meterwire, tenant: TenantId) -> Result<Self, AppError> {
        let mut left = Vec::new();
        let mut page = PageRequest { after: None, limit: PAGE };
        loop {
            let found = app.budgets.budgets(tenant, page.clone(), app.now_ms()).await?;
            left.extend(found.items.into_iter().map(|state| (state.budget.id, state.budget.scope)));
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let mut teams = HashMap::new();
        if left.iter().any(|(_, scope)| scope.get(ScopeField::Team).is_some()) {
            let mut page = PageRequest { after: None, limit: PAGE };
            loop {
                let found = app.catalog.projects(tenant, page.clone()).await?;
                teams.extend(
                    found.items.into_iter().filter_map(|project| Some((project.slug, project.team?))),
                );
                match found.next {
                    Some(next) => page.after = Some(next),
                    None => break,
                }
            }
        }
        Ok(Self { left, touched: Vec::new(), teams, seen: HashSet::new() })
    }

    /// Meets an event whose cost changes.
    pub(crate) fn add(&mut self, event: &RatedEvent) {
        if event.names_money || self.left.is_empty() {
            return;
        }
        if self.seen.len() >= MAX_SEEN {
            self.seen.clear();
        }
        if !self.seen.insert((event.of.clone(), event.model.clone())) {
            return;
        }
        let RatedFor { project, user, api_key, department } = &event.of;
        let teams = &self.teams;
        let value_of = |field| match field {
            ScopeField::Project => project.as_deref(),
            ScopeField::User => user.as_deref(),
            ScopeField::ApiKey => api_key.as_deref(),
            ScopeField::Department => department.as_deref(),
            ScopeField::Model => event.model.as_deref(),
            ScopeField::Team => teams.get(project.as_deref()?).map(String::as_str),
        };
        let touched = &mut self.touched;
        self.left.retain(|(id, scope)| {
            let takes = scope.takes(value_of);
            if takes {
                touched.push(id.clone());
            }
            !takes
        });
    }

    /// Ids of the budgets that were met, in their order.
    pub(crate) fn into_ids(mut self) -> Vec<String> {
        self.touched.sort_unstable();
        self.touched
    }
}
