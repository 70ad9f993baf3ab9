//! Tables of a statement. A row knows its height; a table that meets the end of a page goes on under its names.

use super::canvas::{Align, HAIRLINE, INK, MARGIN, MUTED, Style, TEXT_WIDTH};
use super::face::Weight;
use super::numbers::{Decimals, count, share};
use super::{BODY, Flow, HEADING, bar_label};
use meterwire_app::{Statement, StatementTable};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Granularity;
use meterwire_core::totals::Totals;

const ROW: f32 = 17.0;
const NAMES: Style = Style { size: 7.5, weight: Weight::Regular, colour: MUTED };
const SUM: Style = Style { size: 9.0, weight: Weight::Bold, colour: INK };
/// The right edges of the columns of numbers, from the left of the text, and how wide each may get.
const COLUMNS: [(&str, f32, f32); 5] = [
    ("Calls", 226.0, 62.0),
    ("Input tokens", 304.0, 74.0),
    ("Output tokens", 378.0, 70.0),
    ("Cost", 446.0, 64.0),
    ("Share", TEXT_WIDTH, 44.0),
];
/// Room for the names on the left.
const NAME_ROOM: f32 = 158.0;

/// What usage went to, by one dimension.
pub(super) fn breakdown(flow: &mut Flow, statement: &Statement, part: &StatementTable) {
    let mut rows: Vec<(String, &Totals)> = Vec::new();
    for group in &part.rows {
        let name = match group.key.first() {
            _ if group.other => "Other".to_owned(),
            Some(Some(name)) => name.clone(),
            _ => "(none)".to_owned(),
        };
        rows.push((name, &group.total.totals));
    }
    let heading = match part.dimension {
        Dimension::Model => "Models",
        Dimension::Project => "Projects",
        Dimension::User => "Users",
        Dimension::Department => "Departments",
        other => other.name(),
    };
    let decimals = Decimals::of(statement.total.cost);
    draw(flow, heading, &rows, &part.total, decimals);
}

/// The course of the period in figures.
pub(super) fn course(flow: &mut Flow, statement: &Statement) {
    let heading = match statement.granularity {
        Granularity::Day => "Days",
        Granularity::Week => "Weeks, each from Monday",
        _ => "Months",
    };
    let rows: Vec<(String, &Totals)> = statement
        .series
        .iter()
        .map(|(bucket, totals)| (row_label(&bucket.label, statement.granularity), totals))
        .collect();
    draw(flow, heading, &rows, &statement.total, Decimals::of(statement.total.cost));
}

fn row_label(label: &str, granularity: Granularity) -> String {
    match granularity {
        Granularity::Month => bar_label(label, granularity),
        _ => label
            .parse::<jiff::civil::Date>()
            .map_or_else(|_| label.to_owned(), |day| day.strftime("%a %-d %b %Y").to_string()),
    }
}

fn draw(flow: &mut Flow, heading: &str, rows: &[(String, &Totals)], total: &Totals, decimals: Decimals) {
    // A heading does not stand alone at the end of a page.
    flow.need(58.0 + 3.0 * ROW);
    flow.y += 8.0;
    flow.canvas.text(MARGIN, flow.y + 12.0, TEXT_WIDTH, Align::Left, HEADING, heading);
    flow.y += 24.0;
    names(flow);
    for (name, totals) in rows {
        if flow.y + ROW > super::BOTTOM {
            flow.need(f32::MAX);
            names(flow);
        }
        line(flow, name, totals, total, decimals, BODY);
        flow.canvas.rule(MARGIN, flow.y, TEXT_WIDTH, HAIRLINE);
    }
    flow.need(ROW);
    line(flow, "Total", total, total, decimals, SUM);
    flow.y += 18.0;
}

fn names(flow: &mut Flow) {
    let y = flow.y + 10.0;
    for (name, right, room) in COLUMNS {
        flow.canvas.text(MARGIN + right, y, room, Align::Right, NAMES, name);
    }
    flow.y += 15.0;
    flow.canvas.area(MARGIN, flow.y - 0.4, TEXT_WIDTH, 0.8, INK);
}

fn line(flow: &mut Flow, name: &str, totals: &Totals, total: &Totals, decimals: Decimals, style: Style) {
    let y = flow.y + 11.8;
    let tokens = totals.token_usage();
    let cost = if only_unpriced(totals) { "no price".to_owned() } else { decimals.show(totals.cost) };
    let part = if only_unpriced(totals) && total.cost > CostNanos::ZERO {
        "–".to_owned()
    } else if total.cost == CostNanos::ZERO {
        share(totals.calls, total.calls)
    } else {
        share(totals.cost.0, total.cost.0)
    };
    let cells = [
        count(totals.calls),
        count(tokens.input().cast_signed()),
        count(tokens.output().cast_signed()),
        cost,
        part,
    ];
    flow.canvas.text(MARGIN, y, NAME_ROOM, Align::Left, style, name);
    for ((_, right, room), cell) in COLUMNS.into_iter().zip(cells) {
        flow.canvas.text(MARGIN + right, y, room, Align::Right, style, &cell);
    }
    flow.y += ROW;
}

/// Every call that was to be priced has no price: nothing is known, which is not the same as nothing.
fn only_unpriced(totals: &Totals) -> bool {
    totals.unpriced_calls > 0 && totals.unpriced_calls == totals.calls
}
