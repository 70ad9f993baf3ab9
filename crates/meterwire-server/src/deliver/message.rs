//! What people and programs are told, as text, HTML and JSON.

use meterwire_app::ports::{Mail, Notice};
use meterwire_core::alert::Severity;
use meterwire_core::name::shown;
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The most lines of detail that a message for people has.
const MAX_LINES: usize = 30;
/// The longest line of detail, in characters.
const MAX_LINE_CHARS: usize = 300;

/// Writes messages; knows where people find the page.
pub(super) struct Wording {
    page: Option<String>,
}

impl Wording {
    pub(super) fn new(public_url: Option<&str>) -> Self {
        Self { page: public_url.map(|url| format!("{}/alerts", url.trim_end_matches('/'))) }
    }

    /// As mail.
    pub(super) fn mail(&self, to: &[String], notice: &Notice) -> Mail {
        let lines = lines_of(&notice.detail);
        let mut text = format!("{}\n\n", notice.title);
        let mut html = format!(
            "<!doctype html><html><body style=\"font-family:sans-serif\"><h2 style=\"color:{}\">{}</h2><table>",
            color(notice.severity),
            escaped(&notice.title)
        );
        for (name, value) in &lines {
            let _ = writeln!(text, "{name}: {value}");
            let _ = write!(
                html,
                "<tr><td style=\"padding-right:1em\">{}</td><td>{}</td></tr>",
                escaped(name),
                escaped(value)
            );
        }
        let footer =
            format!("{} at {}, tenant {}", headline(notice), rfc3339(notice.raised_ms), notice.tenant);
        let _ = write!(text, "\n{footer}\n");
        let _ = write!(html, "</table><p>{}</p>", escaped(&footer));
        if let Some(page) = &self.page {
            let _ = writeln!(text, "{page}");
            let _ = write!(html, "<p><a href=\"{0}\">{0}</a></p>", escaped(page));
        }
        html += "</body></html>";
        let subject = one_line(&format!("[{}] {}", headline(notice), notice.title));
        Mail { to: to.to_vec(), subject, text, html: Some(html), attachments: Vec::new() }
    }

    /// As Slack's JSON.
    pub(super) fn slack(&self, notice: &Notice) -> String {
        let title = for_slack(&notice.title);
        let mut block = format!("*{title}*");
        for (name, value) in lines_of(&notice.detail) {
            let _ = write!(block, "\n{}: {}", for_slack(&name), for_slack(&value));
        }
        // Slack takes 3,000 characters a block.
        let mut block: String = block.chars().take(2_800).collect();
        let _ = write!(block, "\n_{}, tenant {}_", headline(notice), for_slack(&notice.tenant));
        if let Some(page) = &self.page {
            let _ = write!(block, "\n<{page}>");
        }
        let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": block}});
        json!({"text": title, "blocks": [section]}).to_string()
    }

    /// As the JSON of a webhook, in the shape that Standard Webhooks recommends: type, timestamp, data.
    #[expect(clippy::unused_self, reason = "one place writes every message")]
    pub(super) fn webhook(&self, notice: &Notice) -> String {
        json!({
            "type": if notice.is_test { "alert.test" } else { "alert.raised" },
            "timestamp": rfc3339(notice.raised_ms),
            "data": {
                "id": notice.id,
                "tenant": notice.tenant,
                "kind": notice.kind.name(),
                "severity": notice.severity.name(),
                "title": notice.title,
                "detail": notice.detail,
                "raised_at": rfc3339(notice.raised_ms),
            },
        })
        .to_string()
    }
}

fn headline(notice: &Notice) -> String {
    if notice.is_test {
        "Test of Meterwire".to_owned()
    } else {
        format!("Meterwire {}", notice.severity.name())
    }
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "#1d4ed8",
        Severity::Warning => "#b45309",
        Severity::Critical => "#b91c1c",
    }
}

/// The figures of a detail, one a line: `budget.spent_usd` and its value.
fn lines_of(detail: &Value) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    push_lines("", detail, &mut lines);
    lines
}

fn push_lines(name: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    if lines.len() >= MAX_LINES {
        return;
    }
    let within = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| push_lines(&within(key), value, lines)),
        Value::Null => {}
        Value::String(text) => lines.push((name.to_owned(), cut(text))),
        other => lines.push((name.to_owned(), cut(&other.to_string()))),
    }
}

fn cut(text: &str) -> String {
    one_line(&text.chars().take(MAX_LINE_CHARS).collect::<String>())
}

fn one_line(text: &str) -> String {
    shown(text).into_owned()
}

/// For HTML, within elements and attributes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            other => html.push(other),
        }
    }
    html
}

/// For Slack's markup: the three characters that it wants escaped, so that nobody is called by `<!channel>`.
fn for_slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterwire_core::alert::AlertKind;

    fn notice() -> Notice {
        Notice {
            id: "a-1".to_owned(),
            is_test: false,
            tenant: "acme".to_owned(),
            kind: AlertKind::BudgetThreshold,
            severity: Severity::Warning,
            title: "Budget \"<!channel>\" &\r\nBcc: x has used 80 %".to_owned(),
            detail: json!({"budget": {"name": "<b>s</b>", "spent_usd": "80.00"}, "none": null}),
            raised_ms: 1_795_000_000_000,
            at_ms: 1_795_000_000_500,
        }
    }

    #[test]
    fn what_people_named_is_never_markup() {
        let wording = Wording::new(Some("https://usage.example.com/"));
        let mail = wording.mail(&["a@b.de".to_owned()], &notice());
        assert_eq!(mail.subject, "[Meterwire warning] Budget \"<!channel>\" &  Bcc: x has used 80 %");
        let html = mail.html.unwrap();
        assert!(html.contains("&lt;b&gt;s&lt;/b&gt;") && !html.contains("<b>"), "{html}");
        assert!(mail.text.contains("budget.spent_usd: 80.00\n"), "{}", mail.text);
        assert!(mail.text.contains("https://usage.example.com/alerts"));
        let slack: Value = serde_json::from_str(&wording.slack(&notice())).unwrap();
        let block = slack["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(!slack["text"].as_str().unwrap().contains('<') && !block.contains("<!"), "{slack}");
    }

    #[test]
    fn a_webhook_has_type_timestamp_and_data() {
        let body: Value = serde_json::from_str(&Wording::new(None).webhook(&notice())).unwrap();
        assert_eq!((&body["type"], &body["data"]["tenant"]), (&json!("alert.raised"), &json!("acme")));
        assert_eq!(body["data"]["detail"]["budget"]["spent_usd"], "80.00");
    }
}
