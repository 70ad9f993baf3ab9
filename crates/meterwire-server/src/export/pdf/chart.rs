//! A bar chart of a period's course.

use super::canvas::{ACCENT, Align, Canvas, HAIRLINE, MUTED, Style};
use super::face::Weight;
use super::numbers::Decimals;
use meterwire_core::money::CostNanos;

const HEIGHT: f32 = 132.0;
/// Room for the numbers on the left.
const SCALE_WIDTH: f32 = 52.0;
const LABEL: Style = Style { size: 7.5, weight: Weight::Regular, colour: MUTED };
/// The widest a bar gets.
const MAX_BAR: f32 = 26.0;

/// What a bar stands for.
pub(super) struct Bar {
    /// What is written below it, where there is room.
    pub(super) label: String,
    pub(super) value: i64,
}

/// How the numbers of the scale are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Dollars,
    Calls,
}

/// Draws the chart with its top at `y`; answers where it ends.
pub(super) fn draw(canvas: &mut Canvas, x: f32, y: f32, width: f32, bars: &[Bar], unit: Unit) -> f32 {
    let largest = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(0);
    let scale = Scale::of(largest);
    let (left, right, bottom) = (x + SCALE_WIDTH, x + width, y + HEIGHT);
    for step in 0..=scale.steps {
        let value = scale.step * step;
        let at = bottom - share(value, scale.top()) * HEIGHT;
        canvas.rule(left, at, right - left, HAIRLINE);
        let text = scale.label(value, unit);
        canvas.text(left - 6.0, at + 2.6, SCALE_WIDTH - 8.0, Align::Right, LABEL, &text);
    }
    let slot = (right - left) / to_f32(bars.len().max(1));
    let bar_width = (slot * 0.72).min(MAX_BAR);
    for (place, bar) in bars.iter().enumerate() {
        let middle = left + slot * (to_f32(place) + 0.5);
        // What is there is seen, however little it is.
        let height = share(bar.value, scale.top()) * HEIGHT;
        let height = if bar.value > 0 { height.max(0.6) } else { 0.0 };
        canvas.area(middle - bar_width / 2.0, bottom - height, bar_width, height, ACCENT);
    }
    labels(canvas, bars, left, right, slot, bottom + 12.0);
    bottom + 12.0
}

/// As many labels as have room, evenly apart.
fn labels(canvas: &mut Canvas, bars: &[Bar], left: f32, right: f32, slot: f32, y: f32) {
    let face = canvas.faces.of(LABEL.weight);
    let widest = bars.iter().map(|bar| face.width(&bar.label, LABEL.size)).fold(0.0, f32::max) + 8.0;
    let every = (1..=bars.len().max(1)).find(|every| slot * to_f32(*every) >= widest).unwrap_or(bars.len());
    for (place, bar) in bars.iter().enumerate().step_by(every.max(1)) {
        let room = (slot * to_f32(every)).max(widest);
        // The last does not stand out of the text.
        let half = canvas.faces.of(LABEL.weight).width(&bar.label, LABEL.size) / 2.0;
        let middle = (left + slot * (to_f32(place) + 0.5)).min(right - half);
        canvas.text(middle, y, room, Align::Centre, LABEL, &bar.label);
    }
}

/// Round numbers up to the largest value.
struct Scale {
    step: i64,
    steps: i64,
}

impl Scale {
    /// Two to five steps of 1, 2 or 5 times a power of ten.
    fn of(largest: i64) -> Self {
        let largest = largest.max(4);
        let mut power = 1_i64;
        loop {
            for times in [1, 2, 5] {
                let Some(step) = power.checked_mul(times) else { break };
                if step.saturating_mul(5) >= largest {
                    let steps = largest.div_euclid(step) + i64::from(largest % step != 0);
                    return Self { step, steps: steps.max(1) };
                }
            }
            match power.checked_mul(10) {
                Some(next) => power = next,
                // Beyond that there is no round number; the whole is one step.
                None => return Self { step: largest, steps: 1 },
            }
        }
    }

    fn top(&self) -> i64 {
        self.step.saturating_mul(self.steps)
    }

    fn label(&self, value: i64, unit: Unit) -> String {
        match unit {
            Unit::Calls => super::numbers::short(value),
            Unit::Dollars => Decimals::of_step(CostNanos(self.step)).show(CostNanos(value)),
        }
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "places on paper")]
fn share(part: i64, whole: i64) -> f32 {
    (part.max(0) as f64 / whole.max(1) as f64).clamp(0.0, 1.0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "places on paper")]
fn to_f32(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_hold_the_largest() {
        let cases = [
            (0, 1, 4),
            (5, 1, 5),
            (7, 2, 4),
            (100, 20, 5),
            (101, 50, 3),
            (999, 200, 5),
            (1_000_000_001, 500_000_000, 3),
        ];
        for (largest, step, steps) in cases {
            let scale = Scale::of(largest);
            assert_eq!((scale.step, scale.steps), (step, steps), "{largest}");
        }
        for largest in [1, 17, i64::MAX / 2, i64::MAX] {
            let scale = Scale::of(largest);
            assert!(scale.top() >= largest && scale.steps <= 5, "{largest}");
        }
    }
}
