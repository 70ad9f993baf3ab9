//! The sheets of `prices/`, built into the program.

use super::{PriceBook, PriceSheet};
use std::sync::OnceLock;

pub(super) const SHEETS: [&str; 10] = [
    include_str!("../../../../prices/anthropic.json"),
    include_str!("../../../../prices/azure_openai.json"),
    include_str!("../../../../prices/bedrock.json"),
    include_str!("../../../../prices/cohere.json"),
    include_str!("../../../../prices/deepseek.json"),
    include_str!("../../../../prices/google.json"),
    include_str!("../../../../prices/groq.json"),
    include_str!("../../../../prices/mistral.json"),
    include_str!("../../../../prices/openai.json"),
    include_str!("../../../../prices/xai.json"),
];

pub(super) fn book() -> &'static PriceBook {
    static BOOK: OnceLock<PriceBook> = OnceLock::new();
    BOOK.get_or_init(|| {
        let sheets = SHEETS.iter().filter_map(|json| PriceSheet::parse(json).ok()).collect();
        PriceBook::from_sheets(sheets).unwrap_or_default()
    })
}
