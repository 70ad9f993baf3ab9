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
use meterwire_app::{About, Statement, hex};
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
    let cost = numbers::Decimals::of_headline(totals.cost).show(totals.cost);
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
    if let Some(sha256) = statement.frozen {
        let text = format!(
            "This period is closed and its statement frozen. What came later is told as an adjustment beside it. \
             SHA-256 of the statement: {}",
            hex(&sha256)
        );
        notice(flow, &text);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use canvas::Mark;
    use meterwire_app::ports::{Tenant, TenantId};
    use meterwire_app::{Group, StatementTable, Values};
    use meterwire_core::dimension::{Dimension, Dimensions};
    use meterwire_core::money::CostNanos;
    use meterwire_core::period::{Range, RangeInput};
    use meterwire_core::totals::Totals;
    use meterwire_core::usage_query::Filter;

    const NOW_MS: i64 = 1_795_343_400_000;

    fn totals(times: i64) -> Totals {
        let mut totals =
            Totals { calls: 9_999_999_999 / 250 * times, errors: 7 * times, ..Totals::default() };
        totals.unpriced_calls = totals.calls / 2;
        totals.tokens = [i64::MAX / 5_000 * times; 10];
        totals.cost = CostNanos(i64::MAX / 250 * times);
        totals
    }

    /// The largest numbers, the longest names, as many buckets as there can be.
    fn largest(name: &str, range: Range, granularity: Granularity) -> Statement {
        let zone = meterwire_core::period::zone("America/New_York").unwrap();
        let group = |n: usize| {
            let total = Values { totals: totals(1), ..Values::default() };
            Group { key: vec![Some(name.repeat(n + 1))], other: n == 12, total, series: vec![] }
        };
        let table =
            |dimension| StatementTable { dimension, rows: (0..13).map(group).collect(), total: totals(240) };
        let buckets = range.buckets(granularity, &zone).unwrap();
        let tenant = Tenant { id: TenantId(1), slug: "acme".into(), name: name.repeat(9), ..tenant() };
        let filters =
            Dimension::ALL.map(|dimension| Filter { dimension, values: vec![Some(name.repeat(5)), None] });
        Statement {
            about: About {
                tenant,
                tz: "America/New_York".into(),
                zone,
                range,
                filters: filters.into(),
                priced: None,
                dimensions: Dimensions::default(),
                as_of_ms: NOW_MS,
            },
            total: totals(240),
            granularity,
            series: buckets.into_iter().map(|bucket| (bucket, totals(1))).collect(),
            tables: [Dimension::Model, Dimension::Project, Dimension::User].map(table).into(),
            settled: false,
            frozen: Some([7; 32]),
        }
    }

    fn tenant() -> Tenant {
        Tenant {
            id: TenantId(1),
            slug: String::new(),
            name: String::new(),
            timezone: "UTC".into(),
            created_ms: 0,
            retention_days: None,
            events_from_ms: None,
        }
    }

    #[test]
    fn nothing_leaves_its_page_or_its_place() {
        let zone = meterwire_core::period::zone("America/New_York").unwrap();
        let range = |from: &str, to: &str| {
            let (from, to) = (Some(from.to_owned()), Some(to.to_owned()));
            RangeInput { range: None, from, to }.resolve("30d", &zone, NOW_MS).unwrap()
        };
        let cases = [
            (range("2007-01-01", "2027-01-01"), Granularity::Month),
            (range("2026-01-01", "2026-04-04"), Granularity::Day),
            (range("2026-11-22T10:30:00Z", "2026-11-22T10:31:00Z"), Granularity::Day),
        ];
        for name in ["WWWW wide ", "שלום", "模型名称", "👩‍👩‍👧‍👦", "\u{202e}\u{feff}", "e\u{301}\u{327}"]
        {
            for (range, granularity) in cases {
                let statement = largest(name, range, granularity);
                let canvas = pages(&statement).unwrap();
                assert!(canvas.pages.len() <= 9, "{}", canvas.pages.len());
                for mark in canvas.pages.iter().flatten() {
                    let (left, right, top, bottom) = match mark {
                        Mark::Area { x, y, width, height, .. } => (*x, x + width, *y, y + height),
                        Mark::Text { x, y, text, style } => {
                            let width = canvas.faces.of(style.weight).width(text, style.size);
                            (*x, x + width, y - style.size, y + style.size * 0.3)
                        }
                    };
                    assert!(left >= MARGIN - 0.5 && right <= PAGE_WIDTH - MARGIN + 0.5, "{mark:?}");
                    assert!(top >= 30.0 && bottom <= PAGE_HEIGHT - 20.0, "{mark:?}");
                }
                assert_no_two_texts_meet(&canvas);
                let bytes = super::statement(&statement).unwrap();
                assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 150_000, "{}", bytes.len());
            }
        }
    }

    /// Texts of one line stand beside one another.
    fn assert_no_two_texts_meet(canvas: &Canvas) {
        for page in &canvas.pages {
            let mut texts = Vec::new();
            for mark in page {
                if let Mark::Text { x, y, text, style } = mark {
                    texts.push((*y, *x, x + canvas.faces.of(style.weight).width(text, style.size), text));
                }
            }
            texts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            for pair in texts.windows(2) {
                let same_line = (pair[0].0 - pair[1].0).abs() < 0.1;
                assert!(!same_line || pair[0].2 <= pair[1].1, "{pair:?}");
            }
        }
    }

    #[test]
    fn ranges_in_words() {
        let about = |from: &str, to: &str, tz: &str| {
            let zone = meterwire_core::period::zone(tz).unwrap();
            let (from, to) = (Some(from.to_owned()), Some(to.to_owned()));
            let range = RangeInput { range: None, from, to }.resolve("30d", &zone, NOW_MS).unwrap();
            let (filters, dimensions) = (vec![], Dimensions::default());
            period(&About {
                tenant: tenant(),
                tz: tz.into(),
                zone,
                range,
                filters,
                priced: None,
                dimensions,
                as_of_ms: NOW_MS,
            })
        };
        assert_eq!(about("2026-11-01", "2026-12-01", "Europe/Berlin"), "1 – 30 November 2026");
        assert_eq!(about("2026-10-24", "2026-11-23", "UTC"), "24 October – 22 November 2026");
        assert_eq!(about("2025-12-01", "2026-02-01", "UTC"), "1 December 2025 – 31 January 2026");
        assert_eq!(about("2026-11-22", "2026-11-23", "UTC"), "22 November 2026");
        // A midnight that does not exist: the day begins later.
        assert_eq!(about("2026-09-06", "2026-09-07", "America/Santiago"), "6 September 2026");
        assert_eq!(
            about("2026-11-21T10:30:00Z", "2026-11-22T10:30:00Z", "Asia/Kathmandu"),
            "21 November 2026 16:15 – 22 November 2026 16:15"
        );
    }
}
