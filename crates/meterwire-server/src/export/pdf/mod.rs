//! The statement as PDF: one page of what matters, then what it went to, then its course in figures.
//!
//! It is bounded by what a statement holds (240 buckets, three tables of thirteen rows), every text of somebody's is
//! shortened to its room, and every row knows its height, so that nothing can run off a page. Why not typst: see
//! `docs/adr/0008`.

mod canvas;
mod chart;
mod face;
mod numbers;
mod table;

use super::Fault;
use super::about::days;
use canvas::{
    ACCENT, Align, Canvas, HAIRLINE, INK, MARGIN, MUTED, NOTICE, NOTICE_EDGE, PAGE_HEIGHT, PAGE_WIDTH, Style,
    TEXT_WIDTH,
};
use chart::{Bar, Unit};
use face::Weight;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use krilla::metadata::{DateTime, Metadata};
use meterwire_app::{About, Statement};
use meterwire_core::period::Granularity;

/// Where the text of a page begins and ends.
const TOP: f32 = 56.0;
const BOTTOM: f32 = PAGE_HEIGHT - 64.0;

const EYEBROW: Style = Style { size: 8.0, weight: Weight::Bold, colour: ACCENT };
const TITLE: Style = Style { size: 22.0, weight: Weight::Bold, colour: INK };
const HEADING: Style = Style { size: 11.5, weight: Weight::Bold, colour: INK };
const BODY: Style = Style { size: 9.0, weight: Weight::Regular, colour: INK };
const QUIET: Style = Style { size: 9.0, weight: Weight::Regular, colour: MUTED };
const SMALL: Style = Style { size: 7.5, weight: Weight::Regular, colour: MUTED };
const FIGURE: Style = Style { size: 17.0, weight: Weight::Bold, colour: INK };

/// The document.
pub(crate) fn statement(statement: &Statement) -> Result<Vec<u8>, Fault> {
    let canvas = pages(statement)?;
    let title = format!("Usage statement of {}", statement.about.tenant.name);
    let metadata = Metadata::new()
        .title(title)
        .language("en".to_owned())
        .creator("Meterwire".to_owned())
        .creation_date(moment(statement.about.as_of_ms));
    canvas.into_pdf(metadata)
}

fn pages(statement: &Statement) -> Result<Canvas, Fault> {
    let mut flow = Flow { canvas: Canvas::new()?, y: TOP };
    title(&mut flow, &statement.about);
    figures(&mut flow, statement);
    notices(&mut flow, statement);
    course(&mut flow, statement);
    for part in &statement.tables {
        table::breakdown(&mut flow, statement, part);
    }
    table::course(&mut flow, statement);
    let mut canvas = flow.canvas;
    feet(&mut canvas, &statement.about);
    Ok(canvas)
}

/// Where on the pages the next thing goes.
struct Flow {
    canvas: Canvas,
    y: f32,
}

impl Flow {
    /// Makes room for something of this height, on a new page if it must be.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.canvas.new_page();
            self.y = TOP;
        }
    }
}

fn title(flow: &mut Flow, about: &About) {
    let canvas = &mut flow.canvas;
    canvas.area(MARGIN, flow.y - 8.0, 28.0, 2.5, ACCENT);
    canvas.text(MARGIN, flow.y + 10.0, TEXT_WIDTH, Align::Left, EYEBROW, "USAGE STATEMENT");
    canvas.text(MARGIN, flow.y + 36.0, TEXT_WIDTH, Align::Left, TITLE, &about.tenant.name);
    let when = format!("{}  ·  {}", period(about), about.tz);
    canvas.text(MARGIN, flow.y + 54.0, TEXT_WIDTH, Align::Left, QUIET, &when);
    flow.y += 54.0;
    let filters: Vec<String> = about.named_filters().map(|(name, values)| filter(name, &values)).collect();
    if !filters.is_empty() {
        let text = format!("Only {}", filters.join("; "));
        for line in canvas.faces.of(QUIET.weight).wrap(&text, QUIET.size, TEXT_WIDTH, 3) {
            flow.y += 13.0;
            canvas.text(MARGIN, flow.y, TEXT_WIDTH, Align::Left, QUIET, &line);
        }
    }
    flow.y += 22.0;
}

fn filter(name: &str, values: &[&str]) -> String {
    let shown: Vec<&str> =
        values.iter().map(|value| if value.is_empty() { "(none)" } else { value }).collect();
    format!("{name} {}", shown.join(" or "))
}

/// The four figures.
fn figures(flow: &mut Flow, statement: &Statement) {
    let totals = &statement.total;
    let tokens = totals.token_usage();
    let errors = format!("{} of calls", numbers::share(totals.errors, totals.calls));
    let split = format!(
        "{} in, {} out",
        numbers::short(tokens.input().cast_signed()),
        numbers::short(tokens.output().cast_signed())
    );
    let coverage = numbers::share(totals.calls - totals.unpriced_calls, totals.calls);
    let cost = numbers::Decimals::of(totals.cost).show(totals.cost);
    let tiles = [
        ("Cost", cost, format!("exactly {}", numbers::exact(totals.cost))),
        ("Calls", numbers::short(totals.calls), format!("{coverage} with a price")),
        ("Tokens", numbers::short(tokens.total().cast_signed()), split),
        ("Errors", numbers::short(totals.errors), errors),
    ];
    let gap = 14.0;
    let width = (TEXT_WIDTH - 3.0 * gap) / 4.0;
    let mut x = MARGIN;
    for (name, figure, detail) in tiles {
        let canvas = &mut flow.canvas;
        canvas.rule(x, flow.y, width, HAIRLINE);
        canvas.text(x, flow.y + 16.0, width, Align::Left, SMALL, name);
        canvas.text(x, flow.y + 37.0, width, Align::Left, FIGURE, &figure);
        canvas.text(x, flow.y + 51.0, width, Align::Left, SMALL, &detail);
        x += width + gap;
    }
    flow.y += 74.0;
}

/// What has to be known before a figure is believed.
fn notices(flow: &mut Flow, statement: &Statement) {
    let totals = &statement.total;
    if totals.unpriced_calls > 0 {
        let (unpriced, share) =
            (numbers::count(totals.unpriced_calls), numbers::share(totals.unpriced_calls, totals.calls));
        let text = format!(
            "No price is known for the model of {unpriced} calls ({share}). They are counted, but they are not in the cost: \
             what they really cost comes on top."
        );
        notice(flow, &text);
    }
    if !statement.settled {
        let text = "Usage of this period was being recorded while the statement was made, so that its tables may differ \
                    by a few calls. Each names its own total.";
        notice(flow, text);
    }
}

fn notice(flow: &mut Flow, text: &str) {
    let lines = flow.canvas.faces.of(BODY.weight).wrap(text, BODY.size, TEXT_WIDTH - 28.0, 4);
    let mut height = 14.0;
    lines.iter().for_each(|_| height += 12.5);
    flow.need(height + 14.0);
    flow.canvas.area(MARGIN, flow.y, TEXT_WIDTH, height, NOTICE);
    flow.canvas.area(MARGIN, flow.y, 2.5, height, NOTICE_EDGE);
    let mut y = flow.y + 17.0;
    for line in lines {
        flow.canvas.text(MARGIN + 14.0, y, TEXT_WIDTH - 28.0, Align::Left, BODY, &line);
        y += 12.5;
    }
    flow.y += height + 14.0;
}

/// The chart: cost, or calls where nothing has a cost.
fn course(flow: &mut Flow, statement: &Statement) {
    flow.need(196.0);
    let unit = if statement.total.cost.0 > 0 { Unit::Dollars } else { Unit::Calls };
    let what = match unit {
        Unit::Dollars => "Cost",
        Unit::Calls => "Calls",
    };
    let heading = format!("{what} a {}", statement.granularity.name());
    flow.canvas.text(MARGIN, flow.y + 12.0, TEXT_WIDTH, Align::Left, HEADING, &heading);
    let bar = |(bucket, totals): &(meterwire_core::period::Bucket, meterwire_core::totals::Totals)| Bar {
        label: bar_label(&bucket.label, statement.granularity),
        value: match unit {
            Unit::Dollars => totals.cost.0,
            Unit::Calls => totals.calls,
        },
    };
    let bars: Vec<Bar> = statement.series.iter().map(bar).collect();
    flow.y = chart::draw(&mut flow.canvas, MARGIN, flow.y + 28.0, TEXT_WIDTH, &bars, unit) + 26.0;
}

/// `3 Nov`, or `Nov 2026` of a month.
fn bar_label(label: &str, granularity: Granularity) -> String {
    match granularity {
        Granularity::Month => {
            let month = format!("{label}-01").parse::<Date>();
            month.map_or_else(|_| label.to_owned(), |day| day.strftime("%b %Y").to_string())
        }
        _ => {
            label.parse::<Date>().map_or_else(|_| label.to_owned(), |day| day.strftime("%-d %b").to_string())
        }
    }
}

/// The days of the range in words: `1 – 30 November 2026`. A range that begins or ends within a day names the instants.
fn period(about: &About) -> String {
    let (first, last) = days(about.range, &about.zone);
    let begins = |ms: i64, day: Date| {
        day.to_zoned(about.zone.clone()).is_ok_and(|z| z.timestamp().as_millisecond() == ms)
    };
    let after = last.tomorrow().unwrap_or(last);
    if !begins(about.range.from_ms, first) || !begins(about.range.to_ms, after) {
        let (from, to) = (local(about.range.from_ms, &about.zone), local(about.range.to_ms, &about.zone));
        return format!("{from} – {to}");
    }
    let whole = last.strftime("%-d %B %Y");
    if first == last {
        whole.to_string()
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{} – {whole}", first.day())
    } else if first.year() == last.year() {
        format!("{} – {whole}", first.strftime("%-d %B"))
    } else {
        format!("{} – {whole}", first.strftime("%-d %B %Y"))
    }
}

fn local(ms: i64, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone.clone()).strftime("%-d %B %Y %H:%M").to_string()
}

/// Every page's foot: where the numbers come from, when, and which page of how many.
fn feet(canvas: &mut Canvas, about: &About) {
    let made = local(about.as_of_ms, &TimeZone::UTC);
    let source = format!("Generated {made} UTC  ·  Source: metered events  ·  Meterwire");
    let count = canvas.pages.len();
    let all = std::mem::take(&mut canvas.pages);
    for (place, page) in all.into_iter().enumerate() {
        canvas.pages.push(page);
        let y = PAGE_HEIGHT - 36.0;
        canvas.rule(MARGIN, y - 14.0, TEXT_WIDTH, HAIRLINE);
        canvas.text(MARGIN, y, TEXT_WIDTH - 80.0, Align::Left, SMALL, &source);
        let number = format!("Page {} of {count}", place + 1);
        canvas.text(PAGE_WIDTH - MARGIN, y, 80.0, Align::Right, SMALL, &number);
    }
}

fn moment(ms: i64) -> DateTime {
    let at =
        jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    DateTime::new(u16::try_from(at.year()).unwrap_or(1970))
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
}
