//! Pages as lists of marks, and their way into a PDF. Marks are collected first, since the foot of the first page names the
//! number of the last.

use super::face::{Faces, Weight};
use crate::export::Fault;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;

/// A4, in points.
pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// Left and right of the text.
pub(super) const MARGIN: f32 = 50.0;
/// The width of the text.
pub(super) const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);
// The colours of the dashboard in daylight.
pub(super) const INK: Colour = (0x13, 0x20, 0x2a);
pub(super) const MUTED: Colour = (0x51, 0x60, 0x6b);
pub(super) const HAIRLINE: Colour = (0xdf, 0xe4, 0xe8);
pub(super) const ACCENT: Colour = (0x0a, 0x6c, 0x80);
pub(super) const NOTICE: Colour = (0xfc, 0xf1, 0xdc);
pub(super) const NOTICE_EDGE: Colour = (0x80, 0x50, 0x00);

/// Where a text is anchored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
    Centre,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
}

/// One thing on a page. Down is positive; a text stands on its `y`.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    Text { x: f32, y: f32, text: String, style: Style },
    Area { x: f32, y: f32, width: f32, height: f32, colour: Colour },
}

/// Pages being filled.
pub(super) struct Canvas {
    pub(super) faces: Faces,
    pub(super) pages: Vec<Vec<Mark>>,
}

impl Canvas {
    pub(super) fn new() -> Result<Self, Fault> {
        Ok(Self { faces: Faces::load()?, pages: vec![Vec::new()] })
    }

    pub(super) fn new_page(&mut self) {
        self.pages.push(Vec::new());
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Sets a text, shortened where it is wider than its room.
    pub(super) fn text(&mut self, x: f32, y: f32, room: f32, align: Align, style: Style, text: &str) {
        let face = self.faces.of(style.weight);
        let text = face.fit(text, style.size, room);
        let width = face.width(&text, style.size);
        let x = match align {
            Align::Left => x,
            Align::Right => x - width,
            Align::Centre => x - width / 2.0,
        };
        self.mark(Mark::Text { x, y, text, style });
    }

    /// Fills a rectangle.
    pub(super) fn area(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        if width > 0.0 && height > 0.0 {
            self.mark(Mark::Area { x, y, width, height, colour });
        }
    }

    /// A thin line across.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32, colour: Colour) {
        self.area(x, y - 0.25, width, 0.5, colour);
    }

    /// The finished document.
    pub(super) fn into_pdf(self, metadata: Metadata) -> Result<Vec<u8>, Fault> {
        let mut document = Document::new();
        document.set_metadata(metadata);
        for marks in &self.pages {
            let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or("a page has a size")?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            marks.iter().for_each(|mark| draw(&mut surface, &self.faces, mark));
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| format!("the PDF could not be put together: {error:?}").into())
    }
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, mark: &Mark) {
    match mark {
        Mark::Text { x, y, text, style } => {
            let face = faces.of(style.weight);
            surface.set_fill(Some(fill(style.colour)));
            let glyphs = face.shape(text, style.size);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.font.clone(), text, style.size, false);
        }
        Mark::Area { x, y, width, height, colour } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill((red, green, blue): Colour) -> Fill {
    let paint = rgb::Color::new(red, green, blue).into();
    Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
