//! Costs by department as rows: one a department and project.

use super::cell::Sheet;
use super::{Fault, about};
use meterwire_app::{Both, DepartmentCosts};
use meterwire_core::percent;
use meterwire_core::period::{rfc3339, zone};

const NAMES: [&str; 12] = [
    "from",
    "to",
    "department",
    "team",
    "project",
    "calls",
    "unpriced_calls",
    "total_tokens",
    "cost_usd",
    "share_percentage",
    "previous_cost_usd",
    "change_percentage",
];

/// The name of the file, and the file.
pub(crate) fn departments_csv(costs: &DepartmentCosts) -> Result<(String, Vec<u8>), Fault> {
    let mut sheet = Sheet::with_capacity(costs.departments.len() * 400);
    NAMES.iter().for_each(|name| sheet.text(name));
    sheet.end_row()?;
    for department in &costs.departments {
        let name = department.department.as_deref();
        for project in &department.projects {
            let of = [name, project.team.as_deref(), project.project.as_deref()];
            row(&mut sheet, costs, of, &project.sums)?;
        }
        if !costs.by_project {
            row(&mut sheet, costs, [name, None, None], &department.sums)?;
        }
    }
    let (first, last) = about::days(costs.range, &zone(&costs.tz)?);
    let name = format!("{}_departments_{first}_{last}.csv", costs.tenant.slug);
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    Ok((name.chars().map(plain).collect(), sheet.into_bytes()?))
}

fn row(sheet: &mut Sheet, costs: &DepartmentCosts, of: [Option<&str>; 3], sums: &Both) -> Result<(), Fault> {
    sheet.value(rfc3339(costs.range.from_ms));
    sheet.value(rfc3339(costs.range.to_ms));
    of.into_iter().for_each(|text| sheet.maybe_text(text));
    sheet.value(sums.now.calls);
    sheet.value(sums.now.unpriced_calls);
    sheet.value(sums.now.token_usage().total());
    sheet.value(sums.now.cost);
    sheet.maybe_value(percent::share(sums.now.cost.0, costs.total.now.cost.0));
    sheet.maybe_value(costs.compared.map(|_| sums.before.cost));
    let change = percent::change(sums.now.cost.0, sums.before.cost.0);
    sheet.maybe_value(change.filter(|_| costs.compared.is_some()));
    Ok(sheet.end_row()?)
}
