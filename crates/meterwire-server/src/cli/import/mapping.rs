//! Which column becomes which field: `--map field=column` and `--set field=value`, checked before anything is sent.

use super::field::{Cell, Field, quoted};
use super::rows::Row;
use super::time::TimeFormat;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The source of imported events unless another is mapped or set; with the id it is an event's identity.
const DEFAULT_SOURCE: &str = "import";

/// How rows become events.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Field and the column it is read from.
    columns: BTreeMap<Field, String>,
    /// Field and its JSON, the same for every row.
    constants: BTreeMap<Field, String>,
    time: TimeFormat,
}

impl Mapping {
    /// Reads the two options. Errors name what is known.
    pub(super) fn new(map: &[String], set: &[String], time: TimeFormat) -> Result<Self, String> {
        let columns: BTreeMap<Field, String> = pairs("--map", "column", map)?;
        let texts = pairs("--set", "value", set)?;
        let mut constants = BTreeMap::new();
        for (field, text) in texts {
            if columns.contains_key(&field) {
                return Err(format!("{field} is given by both --map and --set"));
            }
            if field == Field::Text("id") {
                return Err(
                    "--set id would make every row the same event; map a column to it or leave it out".into(),
                );
            }
            let json = field.to_json(Cell::Text(&text), &TimeFormat::default());
            let json = json.map_err(|sentence| format!("--set: {sentence}"))?;
            if let Some(json) = json {
                constants.insert(field, json);
            }
        }
        if !columns.contains_key(&Field::Time) && !constants.contains_key(&Field::Time) {
            return Err("say which column holds the time: --map time=COLUMN".into());
        }
        let source = Field::Text("source");
        if !columns.contains_key(&source) {
            constants.entry(source).or_insert_with(|| quoted(DEFAULT_SOURCE));
        }
        Ok(Self { columns, constants, time })
    }

    /// The columns that rows are read by.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.values().map(String::as_str)
    }

    /// One row as one line of NDJSON, or why it is none.
    pub(super) fn event(&self, row: &Row) -> Result<String, String> {
        let mut parts = Parts::default();
        for (field, json) in &self.constants {
            parts.put(field, json);
        }
        let mut named = false;
        for (field, column) in &self.columns {
            let found = match row.cell(column)? {
                Some(cell) => field.to_json(cell, &self.time)?,
                None => None,
            };
            match found {
                Some(json) => {
                    named |= *field == Field::Text("id");
                    parts.put(field, &json);
                }
                None if *field == Field::Time => {
                    return Err(format!("the time is missing (column {column:?})"));
                }
                None => {}
            }
        }
        if !named {
            parts.put(&Field::Text("id"), &quoted(&row_id(row)));
        }
        Ok(parts.finish())
    }
}

/// The id of a row without one of its own: its number and its content, nothing of the mapping. So the same file stores
/// nothing twice, and another mapping of it shows as conflicts instead of counting everything again.
fn row_id(row: &Row) -> String {
    let mut hasher = Sha256::new();
    hasher.update(row.number.to_be_bytes());
    row.for_each_part(|part| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    });
    let mut id = String::from("import-");
    for byte in &hasher.finalize()[..16] {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// The four levels of an event's JSON while it is put together.
#[derive(Default)]
struct Parts {
    top: String,
    usage: String,
    metrics: String,
    properties: String,
}

impl Parts {
    fn put(&mut self, field: &Field, json: &str) {
        let (level, name) = match field {
            Field::Tokens(name) => (&mut self.usage, *name),
            Field::Metric(name) => (&mut self.metrics, name.as_str()),
            Field::Property(name) => (&mut self.properties, name.as_str()),
            Field::Text(name) | Field::Milliseconds(name) => (&mut self.top, *name),
            Field::Time => (&mut self.top, "time"),
            Field::Status => (&mut self.top, "status"),
            Field::Cost => (&mut self.top, "cost_usd"),
            Field::ProviderUsage => (&mut self.top, "provider_usage"),
        };
        let comma = if level.is_empty() { "" } else { "," };
        let _ = write!(level, "{comma}{}:{json}", quoted(name));
    }

    fn finish(self) -> String {
        let Self { mut top, usage, metrics, properties } = self;
        for (name, level) in [("usage", usage), ("metrics", metrics), ("properties", properties)] {
            if !level.is_empty() {
                let comma = if top.is_empty() { "" } else { "," };
                let _ = write!(top, "{comma}\"{name}\":{{{level}}}");
            }
        }
        // JSON written over several lines is one line of NDJSON; texts hold no raw line ends.
        format!("{{{top}}}").replace(['\n', '\r'], " ")
    }
}

/// Reads `field=other` pairs, separated by commas (`\,` is a comma), the option repeated, or both.
fn pairs(option: &str, other: &str, given: &[String]) -> Result<BTreeMap<Field, String>, String> {
    let mut found = BTreeMap::new();
    for item in given.iter().flat_map(|text| split(text)) {
        let Some((name, value)) = item.split_once('=') else {
            return Err(format!("{option} {item:?} must be FIELD={}", other.to_uppercase()));
        };
        let field = Field::parse(name.trim()).map_err(|sentence| format!("{option}: {sentence}"))?;
        if value.trim().is_empty() {
            return Err(format!("{option} {name}= names no {other}"));
        }
        if found.insert(field, value.trim().to_owned()).is_some() {
            return Err(format!("{option} gives {name} twice"));
        }
    }
    Ok(found)
}

fn split(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && chars.next_if_eq(&',').is_some();
        match items.last_mut() {
            Some(item) if escaped => item.push(','),
            Some(item) if c != ',' => item.push(c),
            _ => items.push(String::new()),
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::import::rows::{Format, Rows};
    use serde_json::{Value, json};

    fn mapping(map: &str, set: &str) -> Result<Mapping, String> {
        Mapping::new(&[map.to_owned()], &[set.to_owned()], TimeFormat::default())
    }

    fn first_row(format: Format, text: &str) -> Row {
        Rows::new(format, text.as_bytes()).unwrap().next_row().unwrap().unwrap()
    }

    fn event(mapping: &Mapping, row: &Row) -> Value {
        serde_json::from_str(&mapping.event(row).unwrap()).unwrap()
    }

    #[test]
    fn a_csv_row_becomes_an_event() {
        let mapping = mapping(
            "time=TIMESTAMP,input_tokens=ContextTokens,output_tokens=GeneratedTokens,metrics.x=X,properties.y=Y",
            "provider=openai,model=gpt-4o,status=200",
        );
        let row = first_row(
            Format::Csv,
            "TIMESTAMP,ContextTokens,GeneratedTokens,X,Y\r\n2023-11-16 18:17:03.9799600,4808,10,0.5,a\r\n",
        );
        let mut event = event(&mapping.unwrap(), &row);
        let id = event.as_object_mut().unwrap().remove("id").unwrap();
        assert!(id.as_str().unwrap().starts_with("import-"), "{id}");
        assert_eq!(
            event,
            json!({"time": "2023-11-16T18:17:03.97996Z", "source": "import", "provider": "openai", "model": "gpt-4o",
                "status": 200, "usage": {"input_tokens": 4808, "output_tokens": 10}, "metrics": {"x": "0.5"},
                "properties": {"y": "a"}})
        );
    }

    #[test]
    fn ids_follow_the_row_and_not_the_mapping() {
        let row = |text: &str| first_row(Format::Csv, &format!("t,m\n{text}\n"));
        let id = |row: &Row, set: &str| event(&mapping("time=t", set).unwrap(), row)["id"].clone();
        let known = id(&row("2026-11-01,a"), "model=x");
        assert_eq!(id(&row("2026-11-01,a"), "model=y"), known);
        assert_eq!(id(&row("2026-11-01,\"a\""), "model=x"), known, "quoting is no content");
        assert_ne!(id(&row("2026-11-01,b"), "model=x"), known);
        let mut second = row("2026-11-01,a");
        second.number = 2;
        assert_ne!(id(&second, "model=x"), known);
    }

    #[test]
    fn a_mapped_id_is_kept_and_where_it_is_empty_one_is_made() {
        let mapping = mapping("time=t,id=i,source=s", "model=x").unwrap();
        let kept = event(&mapping, &first_row(Format::Csv, "t,i,s\n2026-11-01,req-1,api\n"));
        assert_eq!((&kept["id"], &kept["source"]), (&json!("req-1"), &json!("api")));
        let made = event(&mapping, &first_row(Format::Csv, "t,i,s\n2026-11-01,,\n"));
        assert!(made["id"].as_str().unwrap().starts_with("import-"));
    }

    #[test]
    fn wrong_options_are_told_before_any_row_is_read() {
        let error = |map: &str, set: &str| mapping(map, set).unwrap_err();
        assert!(error("input_tokens=x", "").contains("time"));
        assert!(error("time=t,tokens=x", "").contains("no field \"tokens\""));
        assert!(error("time", "").contains("FIELD=COLUMN"));
        assert!(error("time=t", "model=").contains("names no value"));
        assert!(error("time=t,time=u", "").contains("twice"));
        assert!(error("time=t,model=m", "model=x").contains("both"));
        assert!(error("time=t", "id=1").contains("same event"));
        assert!(error("time=t", "status=ok").contains("whole number"));
    }

    #[test]
    fn commas_can_be_written() {
        assert_eq!(split(r"a=1,b=x\,y,,c=\d"), ["a=1", "b=x,y", r"c=\d"]);
    }

    #[test]
    fn a_row_without_a_time_is_refused() {
        let mapping = mapping("time=t", "model=x").unwrap();
        let error = mapping.event(&first_row(Format::Csv, "t,u\n ,1\n")).unwrap_err();
        assert!(error.contains("time is missing"), "{error}");
    }
}
