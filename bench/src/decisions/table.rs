//! The rows as a table.

use crate::decisions::load::Measured;

/// What was aimed at.
#[derive(Clone, Copy)]
pub(crate) struct Goal {
    /// At least so much of the rate of Redis beside it.
    pub of_redis: Option<f64>,
    /// At most so many milliseconds.
    pub p99_ms: Option<f64>,
}

/// What a row is about.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Its name.
    pub name: &'static str,
    /// The rows that it is compared with: the mean of all whose names begin so.
    pub beside: Option<&'static str>,
    /// What was aimed at.
    pub goal: Option<Goal>,
}

/// A plan and what came of it.
pub(crate) struct Row {
    pub plan: Plan,
    pub measured: Measured,
}

impl Plan {
    pub(crate) const fn named(name: &'static str) -> Self {
        Self { name, beside: None, goal: None }
    }

    pub(crate) const fn beside(self, name: &'static str) -> Self {
        Self { beside: Some(name), ..self }
    }

    pub(crate) const fn goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!(
        "| What | decisions a second | p50 ms | p95 ms | p99 ms | slowest ms | of Redis | server µs | generator µs | Goal |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|");
    for row in rows {
        let Measured { latency, rate, server_cpu_us, own_cpu_us, .. } = &row.measured;
        let [p50, p95, p99] = [500, 950, 990].map(|permille| latency.permille_ms(permille));
        let share = row.plan.beside.and_then(|name| mean_rate(rows, name)).map(|beside| rate / beside);
        let server = server_cpu_us.map(|us| format!("{us:.1}")).unwrap_or_default();
        let shown = share.map(|share| format!("{share:.2}")).unwrap_or_default();
        let goal = row.plan.goal.map(|goal| goal.told(share, p99)).unwrap_or_default();
        println!(
            "| {} | {rate:.0} | {p50:.2} | {p95:.2} | {p99:.2} | {:.1} | {shown} | {server} | {own_cpu_us:.1} | {goal} |",
            row.plan.name,
            latency.max_ms()
        );
    }
    println!();
}

fn mean_rate(rows: &[Row], name: &str) -> Option<f64> {
    let of_name = rows.iter().filter(|row| row.plan.name.starts_with(name));
    let (sum, count) = of_name.fold((0.0, 0.0), |(sum, count), row| (sum + row.measured.rate, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

impl Goal {
    /// The goal, and where it was missed that it was.
    fn told(self, share: Option<f64>, p99_ms: f64) -> String {
        let mut parts = Vec::new();
        if let Some(goal) = self.of_redis {
            let missed = if share.is_some_and(|share| share < goal) { ": missed" } else { "" };
            parts.push(format!("{goal} of Redis{missed}"));
        }
        if let Some(goal) = self.p99_ms {
            let missed = if p99_ms > goal { ": missed" } else { "" };
            parts.push(format!("p99 {goal} ms{missed}"));
        }
        parts.join(", ")
    }
}
