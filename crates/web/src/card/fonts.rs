//! The embedded fonts: loaded on first use, measured for line breaks, asked what they can draw.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;

use super::CardError;
use crate::text::is_invisible;

/// The family of both weights.
pub const FAMILY: &str = "Inter";

static REGULAR: &[u8] = include_bytes!("../../fonts/Inter-Regular.subset.otf");
static BOLD: &[u8] = include_bytes!("../../fonts/Inter-Bold.subset.otf");

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(Fonts::load);

/// Both weights, for the renderer and for measuring.
pub struct Fonts {
    pub database: Arc<fontdb::Database>,
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

/// A weight of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// The value of `font-weight`.
    #[must_use]
    pub fn value(self) -> u16 {
        match self {
            Self::Regular => 400,
            Self::Bold => 700,
        }
    }
}

/// The fonts, loaded by the first call.
pub fn get() -> Result<&'static Fonts, CardError> {
    FONTS.as_ref().ok_or(CardError::Fonts)
}

impl Fonts {
    fn load() -> Option<Self> {
        let mut database = fontdb::Database::new();
        for bytes in [REGULAR, BOLD] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        let regular = FontRef::new(REGULAR).ok()?;
        let bold = FontRef::new(BOLD).ok()?;
        Some(Self { database: Arc::new(database), regular, bold })
    }

    /// The width of a text in pixels, without kerning.
    #[must_use]
    pub fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let font = self.font(weight);
        let (map, metrics) = (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
        text.chars().filter_map(|c| metrics.advance_width(map.map(c)?)).sum()
    }

    /// The text as the fonts can draw it: composed, on one line, without symbols they lack. `None` when a
    /// letter or digit is missing, or nothing visible remains.
    #[must_use]
    pub fn drawable(&self, text: &str) -> Option<String> {
        let map = self.bold.charmap();
        let mut out = String::with_capacity(text.len());
        let mut has_visible = false;
        for c in text.nfc() {
            if c.is_whitespace() {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            } else if is_invisible(c) {
            } else if map.map(c).is_some() {
                has_visible |= !is_mark(c);
                out.push(c);
            } else if c.is_alphanumeric() && !is_pictogram(c) {
                return None;
            }
        }
        has_visible.then(|| out.trim_end().to_owned())
    }

    fn font(&self, weight: Weight) -> &FontRef<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

/// Combining marks that the fonts have.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Letters and digits that are pictures: enclosed ones and regional indicators.
fn is_pictogram(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{1f100}'..='\u{1f1ff}')
}
