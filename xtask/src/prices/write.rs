//! Prints a sheet: one line a price, tier or context step, so that a change of price is a change of one line.

use super::Outcome;
use meterwire_core::price::{ContextRates, ModelPrices, PriceSheet, Rates, SheetPrice, TierCard};
use serde::Serialize;
use std::fmt::Write as _;

/// The file's text.
pub(super) fn sheet(sheet: &PriceSheet) -> Outcome<String> {
    let mut text = String::from("{\n");
    if let Some(schema) = &sheet.schema {
        writeln!(text, "  \"$schema\": {},", line(schema)?)?;
    }
    writeln!(text, "  \"provider\": {},", line(&sheet.provider)?)?;
    if !sheet.aliases.is_empty() {
        writeln!(text, "  \"aliases\": {},", line(&sheet.aliases)?)?;
    }
    if sheet.resells {
        writeln!(text, "  \"resells\": true,")?;
    }
    let provenance = sheet
        .provenance
        .iter()
        .map(|from| Ok(format!("    {}", line(from)?)))
        .collect::<Outcome<Vec<_>>>()?;
    writeln!(text, "  \"provenance\": [\n{}\n  ],", provenance.join(",\n"))?;
    let models = sheet.models.iter().map(model).collect::<Outcome<Vec<_>>>()?;
    writeln!(text, "  \"models\": [\n{}\n  ]\n}}", models.join(",\n"))?;
    Ok(text)
}

fn model(model: &ModelPrices) -> Outcome<String> {
    let mut text = format!("    {{\n      \"model\": {},\n", line(&model.model)?);
    if !model.aliases.is_empty() {
        writeln!(text, "      \"aliases\": {},", line(&model.aliases)?)?;
    }
    let prices = model.prices.iter().map(price).collect::<Outcome<Vec<_>>>()?;
    write!(text, "      \"prices\": [\n{}\n      ]\n    }}", prices.join(",\n"))?;
    Ok(text)
}

fn price(price: &SheetPrice) -> Outcome<String> {
    let card = &price.card;
    let mut text = format!(
        "        {{\n          \"from\": {}, \"until\": {}, \"source\": {},\n          {}",
        line(&price.from)?,
        line(&price.until)?,
        line(&price.source)?,
        rates(&card.rates)?
    );
    if !card.context.is_empty() {
        write!(text, ",\n          \"context\": {}", steps(&card.context, "          ")?)?;
    }
    if !card.tiers.is_empty() {
        let tiers =
            [("batch", &card.tiers.batch), ("flex", &card.tiers.flex), ("priority", &card.tiers.priority)];
        let tiers = tiers.iter().filter_map(|(name, card)| card.as_ref().map(|card| tier(name, card)));
        write!(
            text,
            ",\n          \"tiers\": {{\n{}\n          }}",
            tiers.collect::<Outcome<Vec<_>>>()?.join(",\n")
        )?;
    }
    text.push_str("\n        }");
    Ok(text)
}

fn tier(name: &str, card: &TierCard) -> Outcome<String> {
    let mut text = format!("            \"{name}\": {{ {}", rates(&card.rates)?);
    if !card.context.is_empty() {
        write!(text, ",\n              \"context\": {}", steps(&card.context, "              ")?)?;
    }
    text.push_str(" }");
    Ok(text)
}

fn steps(steps: &[ContextRates], indent: &str) -> Outcome<String> {
    let step = |step: &ContextRates| {
        Ok(format!("{indent}  {{ \"above\": {}, {} }}", step.above, rates(&step.rates)?))
    };
    let steps = steps.iter().map(step).collect::<Outcome<Vec<_>>>()?;
    Ok(format!("[\n{}\n{indent}]", steps.join(",\n")))
}

/// Rates without their braces.
fn rates(rates: &Rates) -> Outcome<String> {
    let text = line(rates)?;
    let inner = text.strip_prefix("{ ").and_then(|text| text.strip_suffix(" }"));
    Ok(inner.ok_or("rates are no object")?.to_owned())
}

/// A value on one line, with a space after every comma and colon.
fn line(value: &impl Serialize) -> Outcome<String> {
    let mut bytes = vec![];
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, OneLine))?;
    Ok(String::from_utf8(bytes)?)
}

/// Prints JSON on one line that is pleasant to read.
struct OneLine;

impl serde_json::ser::Formatter for OneLine {
    fn begin_array_value<W: std::io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object<W: std::io::Write + ?Sized>(&mut self, out: &mut W) -> std::io::Result<()> {
        out.write_all(b"{ ")
    }

    fn end_object<W: std::io::Write + ?Sized>(&mut self, out: &mut W) -> std::io::Result<()> {
        out.write_all(b" }")
    }

    fn begin_object_key<W: std::io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: std::io::Write + ?Sized>(&mut self, out: &mut W) -> std::io::Result<()> {
        out.write_all(b": ")
    }
}
