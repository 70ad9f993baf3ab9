//! Believable usage: the requests of one company on one of its days. The same seed and day give the same requests.

use super::limits;
use super::random::{Random, whole};
use super::world::{Company, Model, Project};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Labels, NewEvent};
use meterwire_core::tokens::TokenUsage;
use sha2::{Digest, Sha256};

/// How many days the demo looks back, today included.
pub(super) const DAYS: i32 = 90;
/// The source of every event of the demo.
const SOURCE: &str = "demo";
/// Tells the numbers that say what is counted from those that say what happened.
const COUNTING: u64 = 0x6C69_6D69_7473;
/// No prompt of the demo is longer.
const MAX_INPUT: u64 = 180_000;
/// No answer is longer.
const MAX_OUTPUT: u64 = 16_000;
/// While a provider has its outage, between these hours, so many percent of its requests fail.
const OUTAGE_HOURS: std::ops::Range<i8> = 14..17;
const OUTAGE_PERCENT: f64 = 65.0;

/// A company's day.
pub(super) struct Day<'a> {
    pub company: &'a Company,
    pub zone: &'a TimeZone,
    pub date: Date,
    /// 0 is today.
    pub days_ago: i32,
}

impl Day<'_> {
    /// Its requests in the order of time, none later than `now_ms`.
    pub(super) fn requests(&self, seed: &Random, now_ms: i64) -> Vec<NewEvent> {
        let mut random = seed.part(self.number());
        let mut counting = seed.part(self.number() ^ COUNTING);
        let count = self.count(&mut random);
        let hours: Vec<(i8, u32)> = (0..24).zip(self.company.hours).collect();
        let mut events = Vec::new();
        for number in 0..count {
            let hour = random.pick(&hours).copied().unwrap_or(12);
            let [minute, second] = [0, 0].map(|_: i8| i8::try_from(random.below(60)).unwrap_or(0));
            let millisecond = i32::try_from(random.below(1000)).unwrap_or(0);
            // Drawn before it is left out, so that the day so far does not depend on what is still to come.
            let mut event = self.request(&mut random, hour);
            let counted = limits::counted(&mut counting, self.days_ago == 0);
            if event.status == Some(200) && event.labels.get(Dimension::User).is_some() {
                event.metrics = counted;
            }
            let time =
                self.date.at(hour, minute, second, millisecond * 1_000_000).to_zoned(self.zone.clone());
            let Ok(time_ms) = time.map(|time| time.timestamp().as_millisecond()) else { continue };
            if time_ms <= now_ms {
                event.time_ms = Some(time_ms);
                event.id = Some(format!("demo-{}-{number}", self.date));
                events.push(event);
            }
        }
        events.sort_by_key(|event| event.time_ms);
        events
    }

    /// The day as a number of its own for every company.
    fn number(&self) -> u64 {
        let digest = Sha256::digest(format!("{} {}", self.company.slug, self.date));
        digest[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Growth over the ninety days, quiet weekends, and some chance.
    fn count(&self, random: &mut Random) -> u64 {
        let grown = f64::from(DAYS - 1 - self.days_ago) / f64::from(DAYS - 1);
        let level = self.company.start + (1.0 - self.company.start) * grown;
        let weekend = matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let share = if weekend { self.company.weekend } else { 1.0 };
        whole(random.lognormal(self.company.daily * level * share, 0.09), 10_000)
    }

    fn request(&self, random: &mut Random, hour: i8) -> NewEvent {
        let mut event = NewEvent { source: Some(SOURCE.to_owned()), ..NewEvent::default() };
        let Some(project) = random.pick(self.company.projects) else { return event };
        let Some(model) = random.pick(project.models) else { return event };
        label(&mut event.labels, self.company, project, model, random);
        let hash = request_hash(project, random);
        event.request_hash = Some(hash);
        let tokens = tokens(project, model, random);
        let first_token = random.lognormal(model.first_token_ms, 0.35);
        let rest = f64::from(u32::try_from(tokens.output()).unwrap_or(0))
            * model.token_ms
            * random.lognormal(1.0, 0.25);
        let outage =
            self.company.outage == Some((self.days_ago, model.provider)) && OUTAGE_HOURS.contains(&hour);
        if random.percent(if outage { OUTAGE_PERCENT } else { model.error_percent }) {
            fail(&mut event, tokens, first_token, random);
            return event;
        }
        event.status = Some(200);
        event.tokens = tokens;
        event.latency_ms = Some(milliseconds(first_token + rest));
        if project.operation != "embeddings" {
            event.time_to_first_token_ms = Some(milliseconds(first_token));
        }
        event
    }
}

fn label(labels: &mut Labels, company: &Company, project: &Project, model: &Model, random: &mut Random) {
    let picked = |random: &mut Random, choices: &[(&'static str, u32)]| {
        random.pick(choices).map(|text| (*text).to_owned())
    };
    let tier = picked(random, project.service_tiers);
    let user = company.user(random.skewed(company.users) + 1);
    // Jobs that run at night for nobody in particular.
    let for_nobody = tier.as_deref() == Some("batch") && random.percent(60.0);
    let texts = [
        (Dimension::Provider, Some(model.provider.to_owned())),
        (Dimension::Model, Some(model.name.to_owned())),
        (Dimension::Project, Some(project.slug.to_owned())),
        (Dimension::Department, Some(project.department.to_owned())),
        (Dimension::Operation, Some(project.operation.to_owned())),
        (Dimension::ServiceTier, tier),
        (Dimension::User, Some(user).filter(|_| !for_nobody)),
        (Dimension::Agent, picked(random, project.agents)),
        (Dimension::ApiKey, picked(random, project.api_keys)),
        (Dimension::Country, picked(random, company.countries)),
    ];
    for (dimension, value) in texts {
        labels.set(dimension, value);
    }
}

fn tokens(project: &Project, model: &Model, random: &mut Random) -> TokenUsage {
    let input = whole(random.lognormal(project.input, 0.6), MAX_INPUT).max(8);
    let reused = whole(
        f64::from(u32::try_from(input).unwrap_or(0)) * project.cached_share * (0.75 + 0.25 * random.unit()),
        input,
    );
    // Providers cache in blocks.
    let reused = reused / 128 * 128;
    let cached = random.percent(project.cached_percent);
    let writes = !cached && model.provider == "anthropic" && random.percent(project.cached_percent);
    let output = match project.output {
        median if median > 0.0 => whole(random.lognormal(median, 0.7), MAX_OUTPUT).max(1),
        _ => 0,
    };
    let share = (model.reasoning * (0.6 + 0.8 * random.unit())).min(0.95);
    let reasoning = whole(f64::from(u32::try_from(output).unwrap_or(0)) * share, output);
    TokenUsage {
        input_uncached: if cached || writes { input - reused } else { input },
        cache_read: if cached { reused } else { 0 },
        cache_write_short: if writes { reused } else { 0 },
        output_visible: output - reasoning,
        reasoning,
        ..TokenUsage::default()
    }
}

/// Most failures cost nothing; some break off after the prompt was read, which is paid for.
fn fail(event: &mut NewEvent, tokens: TokenUsage, first_token: f64, random: &mut Random) {
    event.status = random.pick(&[(429, 55), (500, 25), (503, 12), (400, 8)]).copied();
    let broke_off = event.status == Some(500) && random.percent(50.0);
    if broke_off {
        event.tokens = TokenUsage { output_visible: 0, reasoning: 0, ..tokens };
    }
    let factor = if broke_off { 9.0 } else { 0.3 };
    event.latency_ms = Some(milliseconds(first_token * factor));
}

/// Repeated requests share a hash.
fn request_hash(project: &Project, random: &mut Random) -> [u8; 32] {
    let repeated = random.percent(project.repeated_percent);
    let number = if repeated { u64::from(random.skewed(40)) } else { random.next() | 1 << 63 };
    Sha256::digest(format!("{} {number}", project.slug)).into()
}

fn milliseconds(value: f64) -> u32 {
    u32::try_from(whole(value, 600_000)).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::world::COMPANIES;
    use super::*;
    use meterwire_core::period;
    use std::collections::BTreeSet;

    /// 2026-11-22T10:30:00Z.
    const NOW_MS: i64 = 1_795_343_400_000;

    fn all(seed: u64, company: &Company, now_ms: i64) -> Vec<NewEvent> {
        let zone = period::zone(company.timezone).unwrap();
        let today = jiff::Timestamp::from_millisecond(now_ms).unwrap().to_zoned(zone.clone()).date();
        let dates = (0..DAYS)
            .rev()
            .map(|days_ago| (days_ago, today.checked_sub(jiff::Span::new().days(days_ago)).unwrap()));
        let days = dates.map(|(days_ago, date)| Day { company, zone: &zone, date, days_ago });
        days.flat_map(|day| day.requests(&Random::new(seed), now_ms)).collect()
    }

    #[test]
    fn the_same_seed_and_day_give_the_same_usage() {
        let company = &COMPANIES[0];
        assert_eq!(all(7, company, NOW_MS), all(7, company, NOW_MS));
        assert_ne!(all(7, company, NOW_MS), all(8, company, NOW_MS));
        // Three hours later the day has only grown.
        let earlier: BTreeSet<_> =
            all(7, company, NOW_MS).into_iter().map(|event| (event.id, event.time_ms)).collect();
        let later: BTreeSet<_> = all(7, company, NOW_MS + 3 * 3_600_000)
            .into_iter()
            .map(|event| (event.id, event.time_ms))
            .collect();
        assert!(earlier.is_subset(&later) && earlier.len() < later.len());
    }

    #[test]
    fn every_event_is_valid_unique_and_not_from_the_future() {
        let mut total = 0;
        for company in &COMPANIES {
            let events = all(1, company, NOW_MS);
            total += events.len();
            for event in &events {
                event.validate().unwrap();
                assert!(event.time_ms.unwrap() <= NOW_MS);
            }
            let ids: BTreeSet<_> = events.iter().map(|event| event.id.clone()).collect();
            assert_eq!(ids.len(), events.len());
            let failed = events.iter().filter(|event| event.status != Some(200)).count();
            assert!(
                failed * 100 > events.len() / 2 && failed * 100 < events.len() * 5,
                "{failed} of {}",
                events.len()
            );
        }
        assert!((60_000..120_000).contains(&total), "{total}");
    }

    #[test]
    fn offices_are_quiet_at_weekends_and_usage_grows() {
        let company = &COMPANIES[1];
        let events = all(1, company, NOW_MS);
        let zone = period::zone(company.timezone).unwrap();
        let (mut weekdays, mut weekends, mut early, mut late) = (0, 0, 0, 0);
        for event in &events {
            let time =
                jiff::Timestamp::from_millisecond(event.time_ms.unwrap()).unwrap().to_zoned(zone.clone());
            match time.weekday() {
                Weekday::Saturday | Weekday::Sunday => weekends += 1,
                _ => weekdays += 1,
            }
            let days_ago = (NOW_MS - event.time_ms.unwrap()) / 86_400_000;
            early += i32::from(days_ago >= 60);
            late += i32::from(days_ago < 30);
        }
        assert!(weekends * 10 < weekdays, "{weekends} {weekdays}");
        assert!(late > early * 3 / 2, "{early} {late}");
    }
}
