//! A typeface: how wide its characters are, and how texts of others are made fit to be set.
//!
//! Characters are set one after the other, each by its own width: figures line up (the fonts carry tabular ones) and every
//! width is known before anything is drawn. What the fonts lack is shown as an empty box; copied out of the document it is
//! still the character that was meant.

use crate::export::Fault;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;

/// The longest text that is set; longer ones are cut before anything is measured.
const MAX_CHARS: usize = 400;
/// What stands for a character that the fonts lack.
const BOX: char = '□';
const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.otf");
const BOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.otf");

/// Which of the two weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both weights.
pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

/// One weight.
pub(super) struct Face {
    pub(super) font: Font,
    glyphs: HashMap<char, (GlyphId, f32)>,
    missing: (GlyphId, f32),
}

impl Faces {
    pub(super) fn load() -> Result<Self, Fault> {
        Ok(Self { regular: Face::load(REGULAR)?, bold: Face::load(BOLD)? })
    }

    pub(super) fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn load(bytes: &'static [u8]) -> Result<Self, Fault> {
        let font = Font::new(bytes.into(), 0).ok_or("the built-in font cannot be read")?;
        let tables = FontRef::new(bytes)?;
        let metrics = tables.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = font.units_per_em();
        let glyph = |id: skrifa::GlyphId| {
            (GlyphId::new(id.to_u32()), metrics.advance_width(id).unwrap_or_default() / units)
        };
        let mapped = tables.charmap();
        let named = mapped.mappings().filter_map(|(code, id)| Some((char::from_u32(code)?, glyph(id))));
        let missing = mapped.map(BOX).unwrap_or(skrifa::GlyphId::NOTDEF);
        Ok(Self { glyphs: named.collect(), missing: glyph(missing), font })
    }

    fn glyph(&self, c: char) -> (GlyphId, f32) {
        self.glyphs.get(&c).copied().unwrap_or(self.missing)
    }

    /// How far a character takes the text on, as a part of the size.
    fn advance(&self, c: char, size: f32) -> f32 {
        self.glyph(c).1 + tracking(size)
    }

    /// How wide a text is at a size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(c, size)).sum::<f32>() * size
    }

    /// A text's glyphs.
    pub(super) fn shape(&self, text: &str, size: f32) -> Vec<KrillaGlyph> {
        let glyph = |(at, c): (usize, char)| {
            let advance = self.advance(c, size);
            KrillaGlyph::new(self.glyph(c).0, advance, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    /// A text of somebody's, cleaned, and shortened with an ellipsis where it is wider than there is room.
    pub(super) fn fit(&self, text: &str, size: f32, room: f32) -> String {
        let text = clean(text);
        if self.width(&text, size) <= room {
            return text;
        }
        let mut left = room - self.width("…", size);
        let mut kept = String::new();
        for c in text.chars() {
            left -= self.advance(c, size) * size;
            if left < 0.0 {
                break;
            }
            kept.push(c);
        }
        kept.truncate(kept.trim_end().len());
        kept.push('…');
        kept
    }

    /// The same over several lines, broken between words; the last is shortened.
    pub(super) fn wrap(&self, text: &str, size: f32, room: f32, lines: usize) -> Vec<String> {
        let text = clean(text);
        let mut wrapped: Vec<String> = vec![String::new()];
        let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.peek() {
            let full = wrapped.len() == lines;
            let Some(line) = wrapped.last_mut() else { break };
            let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || self.width(&longer, size) <= room {
                *line = longer;
                words.next();
            } else if full {
                line.push(' ');
                line.push_str(&words.collect::<Vec<_>>().join(" "));
                break;
            } else {
                wrapped.push(String::new());
            }
        }
        wrapped.iter().map(|line| self.fit(line, size, room)).filter(|line| !line.is_empty()).collect()
    }
}

/// Large letters stand closer together than small ones.
fn tracking(size: f32) -> f32 {
    if size > 14.0 { -0.018 } else { -0.004 }
}

/// Without what cannot be seen or would turn the text around, and not too long.
fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    for c in text.chars().filter(|c| !is_format(*c)).take(MAX_CHARS) {
        if c.is_whitespace() || c.is_control() {
            if !cleaned.ends_with(' ') && !cleaned.is_empty() {
                cleaned.push(' ');
            }
        } else {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Characters without a shape of their own: joiners, marks of direction, variation selectors, tags.
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_one_width() {
        let faces = Faces::load().unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            let widths: Vec<f32> =
                ('0'..='9').map(|c| faces.of(weight).width(&c.to_string(), 10.0)).collect();
            assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.02), "{widths:?}");
        }
    }

    #[test]
    fn nothing_is_wider_than_its_room() {
        let faces = Faces::load().unwrap();
        let long = "a very long name ".repeat(40);
        let texts = [
            long.as_str(),
            "שלום עולם",
            "مرحبا بالعالم",
            "名前が長い".repeat(30).leak(),
            "👩‍👩‍👧‍👦 family",
            "\u{202e}evil",
            "",
            "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
        ];
        for weight in [Weight::Regular, Weight::Bold] {
            let face = faces.of(weight);
            for text in texts {
                for room in [8.0, 30.0, 200.0] {
                    assert!(face.width(&face.fit(text, 9.0, room), 9.0) <= room, "{text:?} in {room}");
                    for line in face.wrap(text, 9.0, room, 3) {
                        assert!(face.width(&line, 9.0) <= room, "{line:?} in {room}");
                    }
                    assert!(face.wrap(text, 9.0, room, 3).len() <= 3);
                }
            }
        }
        assert_eq!(faces.of(Weight::Regular).fit("\u{202e}a\u{200b}b\r\n c\t", 9.0, 100.0), "ab c");
        assert_eq!(faces.of(Weight::Regular).wrap("one two three", 10.0, 45.0, 2), ["one two", "three"]);
    }
}
