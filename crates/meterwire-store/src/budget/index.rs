//! Which budgets take in some usage, found by its values: what many budgets of other scopes there are costs nothing.

use super::row::Stored;
use crate::error::Work;
use crate::sql::Connection;
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::budget::ScopeField;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;

/// Whose usage it is: the values that scopes are compared with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SpentBy<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) project: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
    pub(crate) api_key: Option<&'a str>,
    pub(crate) department: Option<&'a str>,
}

impl<'a> SpentBy<'a> {
    pub(crate) fn of_event(event: &'a Event) -> Self {
        let value = |dimension| event.labels.get(dimension);
        Self {
            user: value(Dimension::User),
            project: value(Dimension::Project),
            model: value(Dimension::Model),
            api_key: value(Dimension::ApiKey),
            department: value(Dimension::Department),
        }
    }

    /// Of money that was held: what the hold names, since those budgets were asked, and where it names nothing what the event
    /// names. A department goes with its project, so that no amount counts for one project and another one's department.
    pub(crate) fn of_settled(hold: Self, event: &Self) -> Self {
        let same_project = hold.project.is_none() || event.project.is_none() || hold.project == event.project;
        Self {
            user: hold.user.or(event.user),
            project: hold.project.or(event.project),
            model: hold.model.or(event.model),
            api_key: hold.api_key.or(event.api_key),
            department: hold.department.or(event.department.filter(|_| same_project)),
        }
    }
}

/// Budgets by the fields of their scope and by the values of these. The places are those of the list it was made of.
#[derive(Debug, Default)]
pub(crate) struct ScopeIndex {
    shapes: Vec<Shape>,
    /// The team of a project, where a scope names one.
    teams: HashMap<Box<str>, Box<str>>,
}

/// Scopes that name the same fields; there are at most 64 such shapes.
#[derive(Debug)]
struct Shape {
    fields: Vec<ScopeField>,
    places: HashMap<Box<str>, Vec<usize>>,
}

/// Between the values of a key. No value holds a control character.
const BETWEEN: char = '\u{1f}';

impl ScopeIndex {
    pub(crate) fn load(connection: &Connection, tenant: TenantId, budgets: &[Stored]) -> Work<Self> {
        let mut index = Self::default();
        for (place, stored) in budgets.iter().enumerate() {
            let scope = &stored.budget.scope.0;
            let fields: Vec<ScopeField> = scope.keys().copied().collect();
            let mut key = String::new();
            for value in scope.values() {
                push(&mut key, value);
            }
            let known = index.shapes.iter().position(|shape| shape.fields == fields);
            let at = known.unwrap_or(index.shapes.len());
            if known.is_none() {
                index.shapes.push(Shape { fields, places: HashMap::new() });
            }
            index.shapes[at].places.entry(key.into()).or_default().push(place);
        }
        if index.shapes.iter().any(|shape| shape.fields.contains(&ScopeField::Team)) {
            let mut statement = connection.prepare_cached(include_str!("../../sql/project/teams.sql"))?;
            let mut rows = statement.query([tenant.0])?;
            while let Some(row) = rows.next()? {
                let (project, team): (String, String) = (row.get(0)?, row.get(1)?);
                index.teams.insert(project.into(), team.into());
            }
        }
        Ok(index)
    }

    /// The places of the budgets that take in usage of these values.
    pub(crate) fn each(&self, by: &SpentBy<'_>, mut take: impl FnMut(usize)) {
        let mut key = String::new();
        'shapes: for shape in &self.shapes {
            let found = if let [field] = shape.fields[..] {
                let Some(value) = self.value_of(by, field) else { continue };
                shape.places.get(value)
            } else {
                key.clear();
                for field in &shape.fields {
                    let Some(value) = self.value_of(by, *field) else { continue 'shapes };
                    push(&mut key, value);
                }
                shape.places.get(key.as_str())
            };
            for place in found.into_iter().flatten() {
                take(*place);
            }
        }
    }

    fn value_of<'a>(&'a self, by: &SpentBy<'a>, field: ScopeField) -> Option<&'a str> {
        match field {
            ScopeField::Project => by.project,
            ScopeField::User => by.user,
            ScopeField::ApiKey => by.api_key,
            ScopeField::Department => by.department,
            ScopeField::Model => by.model,
            ScopeField::Team => self.teams.get(by.project?).map(|team| &**team),
        }
    }
}

fn push(key: &mut String, value: &str) {
    if !key.is_empty() {
        key.push(BETWEEN);
    }
    key.push_str(value);
}
