//! Card images: the picture of a build that chats and social networks show, 1200 × 630 PNG.

mod fonts;
mod layout;
mod svg;

use std::io::Write as _;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Tree};

use crate::archetype::Archetype;
use crate::card_view::BuildCard;

/// The width of a card in pixels.
pub const WIDTH: u32 = 1200;
/// The height of a card in pixels.
pub const HEIGHT: u32 = 630;
/// The media type of a card.
pub const CONTENT_TYPE: &str = "image/png";

/// A card could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The embedded fonts cannot be read.
    #[error("the embedded fonts cannot be read")]
    Fonts,
    /// The drawing is not valid SVG.
    #[error("the drawing is not valid")]
    Drawing(#[from] usvg::Error),
    /// There is no memory for the image.
    #[error("the image could not be allocated")]
    Memory,
    /// The image could not be encoded.
    #[error("the image could not be encoded: {0}")]
    Encoding(#[from] png::EncodingError),
}

/// Renders the card of a build as PNG.
///
/// It takes tens of milliseconds of CPU and 3 MB of memory: keep it off the threads that answer requests.
///
/// # Errors
/// When the drawing cannot be parsed or encoded, or memory is short.
pub fn render(build: &BuildCard) -> Result<Vec<u8>, CardError> {
    let fonts = fonts::get()?;
    rasterize(&svg::build_card(build, fonts), fonts)
}

/// Renders the card of a class, which stands in while the card of a build cannot be rendered.
///
/// # Errors
/// As for [`render`].
pub fn render_class_card(
    class_name: &str,
    primary: &Archetype,
    secondary: &Archetype,
) -> Result<Vec<u8>, CardError> {
    let fonts = fonts::get()?;
    rasterize(&svg::class_card(class_name, primary, secondary, fonts), fonts)
}

/// The drawing of a build's card as SVG, for tests and previews.
///
/// # Errors
/// When the embedded fonts cannot be read.
pub fn drawing(build: &BuildCard) -> Result<String, CardError> {
    Ok(svg::build_card(build, fonts::get()?))
}

fn rasterize(svg: &str, fonts: &fonts::Fonts) -> Result<Vec<u8>, CardError> {
    let options = usvg::Options {
        fontdb: Arc::clone(&fonts.database),
        font_family: fonts::FAMILY.to_owned(),
        ..usvg::Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let mut pixmap = Pixmap::new(WIDTH, HEIGHT).ok_or(CardError::Memory)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    Ok(encode(&pixmap)?)
}

/// Encodes an image without its transparency: the background of a card covers all of it. It is written row by row, since
/// a copy for the encoder would take as much memory as the image.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut image = vec![];
    let mut encoder = png::Encoder::new(&mut image, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let mut rgb = Vec::with_capacity(3 * WIDTH as usize);
    for row in pixmap.data().chunks_exact(4 * WIDTH as usize) {
        rgb.clear();
        rgb.extend(row.chunks_exact(4).flat_map(|pixel| &pixel[..3]));
        rows.write_all(&rgb)?;
    }
    rows.finish()?;
    drop(writer);
    Ok(image)
}

#[cfg(test)]
mod tests;
