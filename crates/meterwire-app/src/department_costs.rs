//! What each department pays: by the department that events name, with its projects and teams.

use crate::ports::{
    AggregateRequest, AggregateRow, Measures, PageRequest, Project, Questions, StoreError, Tenant, TenantId,
};
use crate::query_usage::confine;
use crate::{Access, AppError, Caller, Meterwire, long_work};
use meterwire_core::compare::CompareInput;
use meterwire_core::dimension::Dimension;
use meterwire_core::period::{self, Range, RangeInput};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, parse_filters};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Projects of the catalogue that are read at once.
const PROJECTS_AT_ONCE: usize = 1_000;
/// Beyond so many, the teams of the rest are not known.
const MAX_PROJECTS: usize = 50_000;

/// A question for the costs of departments.
#[derive(Debug, Clone, Default)]
pub struct DepartmentQuery {
    /// The range; default this month.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Filters: dimension and value.
    pub filters: Vec<(String, String)>,
    /// With what it is compared.
    pub compare: Option<CompareInput>,
}

/// What departments cost.
#[derive(Debug, Clone)]
pub struct DepartmentCosts {
    /// The tenant.
    pub tenant: Tenant,
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range.
    pub range: Range,
    /// The period it is compared with. None where that would need single events that are no longer kept.
    pub compared: Option<Range>,
    /// Sums over the range and the period it is compared with: what all departments come to.
    pub total: Both,
    /// Whether projects are told apart. Not so where that would need single events that are no longer kept.
    pub by_project: bool,
    /// Dearest first.
    pub departments: Vec<DepartmentCost>,
}

/// Sums of a range, and of the period it is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Both {
    /// Of the range.
    pub now: Totals,
    /// Of the period before.
    pub before: Totals,
}

/// What one department costs.
#[derive(Debug, Clone)]
pub struct DepartmentCost {
    /// Which; `None` is what no department was named for.
    pub department: Option<String>,
    /// Teams of its projects, in alphabetical order.
    pub teams: Vec<String>,
    /// Its sums.
    pub sums: Both,
    /// Its projects, dearest first; they add up to its sums.
    pub projects: Vec<ProjectCost>,
}

/// What one project costs a department.
#[derive(Debug, Clone)]
pub struct ProjectCost {
    /// Which; `None` is what names no project.
    pub project: Option<String>,
    /// The team that works on it.
    pub team: Option<String>,
    /// Its sums.
    pub sums: Both,
}

/// One question for a range and what it is compared with, each from one moment.
struct Asking<'a> {
    tenant: TenantId,
    range: Range,
    compared: Option<Range>,
    filters: &'a [Filter],
}

impl Meterwire {
    /// Costs by department and project. A caller confined to a user sees that user's only.
    pub async fn department_costs(
        &self,
        caller: &Caller,
        named: Option<&str>,
        query: DepartmentQuery,
    ) -> Result<DepartmentCosts, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let as_of_ms = self.now_ms();
        let tz = query.tz.unwrap_or_else(|| tenant.timezone.clone());
        let zone = period::zone(&tz)?;
        let range = query.range.resolve("this_month", &zone, as_of_ms)?;
        let compared = query.compare.map(|with| with.range(range, &zone, as_of_ms)).transpose()?;
        let mut filters = parse_filters(query.filters, &self.dimensions(tenant.id).await?)?;
        confine(caller, &mut filters);
        let asking = Asking { tenant: tenant.id, range, compared, filters: &filters };
        let (answers, by_project, compared) = self.ask_departments(&asking).await?;
        let teams = self.teams(tenant.id).await?;
        let rows = answers.iter().map(Vec::len).sum();
        let (departments, total) = long_work(rows, || departments(answers, by_project, &teams));
        Ok(DepartmentCosts { tenant, as_of_ms, tz, range, compared, total, by_project, departments })
    }

    /// First with everything; where single events of long ago would be needed, without the comparison, then without
    /// projects too.
    async fn ask_departments(
        &self,
        asking: &Asking<'_>,
    ) -> Result<(Vec<Vec<AggregateRow>>, bool, Option<Range>), AppError> {
        let mut last = None;
        for (by_project, compared) in
            [(true, asking.compared), (true, None), (false, asking.compared), (false, None)]
        {
            match self.usage.ask(asking.tenant, asking.questions(by_project, compared)).await {
                Err(error @ StoreError::BeyondRetention(_)) => last = Some(error),
                answered => return Ok((answered?.sums, by_project, compared)),
            }
        }
        Err(last.map_or(AppError::NotFound("usage"), AppError::from))
    }

    /// The team of each project that has one.
    async fn teams(&self, tenant: TenantId) -> Result<HashMap<String, String>, AppError> {
        let mut teams = HashMap::new();
        let mut after = None;
        for _ in 0..MAX_PROJECTS / PROJECTS_AT_ONCE {
            let page = PageRequest { after, limit: PROJECTS_AT_ONCE };
            let page = self.catalog.projects(tenant, page).await?;
            for Project { slug, team, .. } in page.items {
                teams.extend(team.map(|team| (slug, team)));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(teams)
    }
}

impl Asking<'_> {
    fn questions(&self, by_project: bool, compared: Option<Range>) -> Questions {
        let mut group_by = vec![Dimension::Department];
        group_by.extend(by_project.then_some(Dimension::Project));
        let sums = |range: Range| AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: group_by.clone(),
            filters: self.filters.to_vec(),
            measures: Measures { errors: false, ..Measures::SUMS },
        };
        Questions { sums: [Some(self.range), compared].into_iter().flatten().map(sums).collect(), log: None }
    }
}

fn departments(
    answers: Vec<Vec<AggregateRow>>,
    by_project: bool,
    teams: &HashMap<String, String>,
) -> (Vec<DepartmentCost>, Both) {
    let mut groups: BTreeMap<Option<String>, BTreeMap<Option<String>, Both>> = BTreeMap::new();
    let mut total = Both::default();
    for (which, rows) in answers.into_iter().enumerate() {
        for row in rows {
            let mut key = row.key.into_iter();
            let (department, project) = (key.next().flatten(), key.next().flatten());
            let sums = groups.entry(department).or_default().entry(project).or_default();
            let (sums, total) = if which == 0 {
                (&mut sums.now, &mut total.now)
            } else {
                (&mut sums.before, &mut total.before)
            };
            sums.merge(&row.totals);
            total.merge(&row.totals);
        }
    }
    let department = |(department, projects): (Option<String>, BTreeMap<Option<String>, Both>)| {
        let mut sums = Both::default();
        let mut rows = Vec::with_capacity(projects.len());
        for (project, of_project) in projects {
            sums.now.merge(&of_project.now);
            sums.before.merge(&of_project.before);
            let team = project.as_ref().and_then(|project| teams.get(project)).cloned();
            rows.push(ProjectCost { project, team, sums: of_project });
        }
        rows.sort_by_key(|row| order(&row.sums));
        let teams: BTreeSet<_> = rows.iter().filter_map(|row| row.team.clone()).collect();
        let projects = if by_project { rows } else { vec![] };
        DepartmentCost { department, teams: teams.into_iter().collect(), sums, projects }
    };
    let mut departments: Vec<_> = groups.into_iter().map(department).collect();
    // Stable, so that equal ones stay in the order of their names.
    departments.sort_by_key(|department| order(&department.sums));
    (departments, total)
}

/// Dearest first.
fn order(sums: &Both) -> Reverse<(i64, i64, i64)> {
    Reverse((sums.now.cost.0, sums.now.calls, sums.before.cost.0))
}
