//! The drawing of a card. Every text passes [`escape`] and holds only what the fonts can draw.

use std::fmt::Write as _;

use super::fonts::{FAMILY, Fonts, Weight};
use super::layout;
use super::{HEIGHT, WIDTH};
use crate::archetype::{Archetype, archetype_pair, class_title};
use crate::card_view::BuildCard;
use crate::stars::Stars;
use crate::text;
use crate::xml::escape;

const GROUND: &str = "#151311";
const SURFACE: &str = "#1e1b18";
const LINE: &str = "#3b352e";
const TEXT: &str = "#f1ece5";
const MUTED: &str = "#b8ada0";
const STAR: &str = "#ffb057";
const ACCENT: &str = "#f07c3e";

/// Where texts begin, and how wide they may be.
const LEFT: f32 = 80.0;
const TEXT_WIDTH: f32 = 740.0;
/// The most tags of a card.
const MAX_TAGS: usize = 4;

/// A star on 24 × 24 units.
const STAR_PATH: &str =
    "M12 1.800l3.100 6.500 7.100.9-5.200 4.900 1.300 7-6.300-3.400-6.300 3.400 1.300-7L1.800 9.200l7.100-.9z";

/// The card of a build.
pub fn build_card(view: &BuildCard, fonts: &Fonts) -> String {
    let class = drawable_class(&view.class_name, &view.primary, &view.secondary, fonts);
    let race = fonts.drawable(&view.race);
    let mut card = Card::new(fonts, &view.primary, &view.secondary);
    // A name that the fonts cannot draw gives its place to the class.
    let (over, title) = match fonts.drawable(&view.name) {
        Some(name) => (Some(class), name),
        None => {
            (fonts.drawable(&archetype_pair(&view.primary, &view.secondary)).filter(|it| *it != class), class)
        }
    };
    let over: Vec<String> = over.into_iter().chain(race).collect();
    card.title(&over.join(" · "), &title);
    card.tags(&view.tags);
    match view.rating {
        Some(rating) if view.vote_count > 0 => card.rating(rating, view.vote_count),
        _ => card.note("Not rated yet"),
    }
    card.finish()
}

/// The card of a class.
pub fn class_card(class_name: &str, primary: &Archetype, secondary: &Archetype, fonts: &Fonts) -> String {
    let class = drawable_class(class_name, primary, secondary, fonts);
    let mut card = Card::new(fonts, primary, secondary);
    let pair = fonts.drawable(&archetype_pair(primary, secondary)).filter(|it| *it != class);
    card.title(&pair.unwrap_or_default(), &class);
    card.note("A build for Ashes of Creation");
    card.finish()
}

/// The class in a form that the fonts can draw, whatever the game data calls it.
fn drawable_class(class_name: &str, primary: &Archetype, secondary: &Archetype, fonts: &Fonts) -> String {
    fonts
        .drawable(&class_title(class_name, primary, secondary))
        .or_else(|| fonts.drawable(&archetype_pair(primary, secondary)))
        .unwrap_or_else(|| "Ashes of Creation build".to_owned())
}

/// A card while it is being drawn.
struct Card<'a> {
    fonts: &'a Fonts,
    hue: &'static str,
    svg: String,
}

impl<'a> Card<'a> {
    fn new(fonts: &'a Fonts, primary: &Archetype, secondary: &Archetype) -> Self {
        let (first, second) = (primary.emblem(), secondary.emblem());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"{FAMILY}\">\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{GROUND}\"/>\
             <rect width=\"14\" height=\"{HEIGHT}\" fill=\"{hue}\"/>",
            hue = first.hue,
        );
        let tile = |svg: &mut String, x: u32, y: u32, side: u32, hue: &str, drawing: &str| {
            let radius = side * 22 / 100;
            let (inset, scale) = (f64::from(side) * 0.14, f64::from(side) * 0.72 / 48.0);
            let _ = write!(
                svg,
                "<g transform=\"translate({x} {y})\">\
                 <rect width=\"{side}\" height=\"{side}\" rx=\"{radius}\" fill=\"{SURFACE}\"/>\
                 <rect width=\"{side}\" height=\"{side}\" rx=\"{radius}\" fill=\"{hue}\" fill-opacity=\"0.1\" \
                 stroke=\"{hue}\" stroke-opacity=\"0.45\" stroke-width=\"2\"/>\
                 <g transform=\"translate({inset:.1} {inset:.1}) scale({scale:.3})\" fill=\"none\" \
                 stroke=\"{hue}\" stroke-width=\"2.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\
                 {drawing}</g></g>"
            );
        };
        tile(&mut svg, 880, 150, 240, first.hue, first.drawing);
        if primary.id != secondary.id {
            let _ = write!(
                svg,
                "<rect x=\"1036\" y=\"306\" width=\"116\" height=\"116\" rx=\"28\" fill=\"{GROUND}\"/>"
            );
            tile(&mut svg, 1044, 314, 100, second.hue, second.drawing);
        }
        Self { fonts, hue: first.hue, svg }
    }

    fn text(&mut self, x: f32, y: f32, size: f32, weight: Weight, fill: &str, text: &str) {
        let _ = write!(
            self.svg,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"{}\" fill=\"{fill}\">{}</text>",
            weight.value(),
            escape(text)
        );
    }

    /// The line over the title, and the title below it.
    fn title(&mut self, over: &str, title: &str) {
        let title = layout::title(title, self.fonts, TEXT_WIDTH);
        let line_height = title.size * 1.16;
        // The block of both is centred a little above the middle.
        #[expect(clippy::cast_precision_loss, reason = "a title has at most four lines")]
        let height = 34.0 + 28.0 + line_height * title.lines.len() as f32;
        let top = (250.0 - height / 2.0).max(72.0);
        if !over.is_empty() {
            let over = layout::fit(over, self.fonts, Weight::Bold, 34.0, TEXT_WIDTH);
            self.text(LEFT, top + 30.0, 34.0, Weight::Bold, self.hue, &over);
        }
        let mut baseline = top + 62.0 + title.size * 0.86;
        for line in &title.lines {
            self.text(LEFT, baseline, title.size, Weight::Bold, TEXT, line);
            baseline += line_height;
        }
    }

    /// As many tags as fit on one line.
    fn tags(&mut self, tags: &[String]) {
        const SIZE: f32 = 26.0;
        const PADDING: f32 = 18.0;
        let mut x = LEFT;
        for tag in tags.iter().filter_map(|it| self.fonts.drawable(it)).take(MAX_TAGS) {
            let tag = layout::fit(&tag, self.fonts, Weight::Regular, SIZE, 420.0);
            let width = self.fonts.width(&tag, Weight::Regular, SIZE) + 2.0 * PADDING;
            if x + width > LEFT + TEXT_WIDTH {
                break;
            }
            let _ = write!(
                self.svg,
                "<rect x=\"{x:.1}\" y=\"418\" width=\"{width:.1}\" height=\"48\" rx=\"10\" fill=\"{SURFACE}\" \
                 stroke=\"{LINE}\"/>"
            );
            self.text(x + PADDING, 451.0, SIZE, Weight::Regular, MUTED, &tag);
            x += width + 12.0;
        }
    }

    fn rating(&mut self, rating: f64, votes: u64) {
        let stars = Stars::new(rating);
        let _ = write!(
            self.svg,
            "<defs><g id=\"stars\">{0}</g><clipPath id=\"mean\"><rect width=\"{1}\" height=\"24\"/></clipPath></defs>\
             <g transform=\"translate({LEFT} 515) scale(1.9)\"><use href=\"#stars\" fill=\"{LINE}\"/>\
             <g clip-path=\"url(#mean)\"><use href=\"#stars\" fill=\"{STAR}\"/></g></g>",
            (0..5)
                .map(|at| format!("<path transform=\"translate({} 0)\" d=\"{STAR_PATH}\"/>", at * 24))
                .collect::<String>(),
            stars.width(),
        );
        let label = stars.label();
        self.text(LEFT + 246.0, 553.0, 40.0, Weight::Bold, TEXT, &label);
        let x = LEFT + 246.0 + self.fonts.width(&label, Weight::Bold, 40.0) + 20.0;
        let votes = text::count(votes, "vote");
        let votes = layout::fit(&votes, self.fonts, Weight::Regular, 30.0, LEFT + TEXT_WIDTH - x);
        self.text(x, 551.0, 30.0, Weight::Regular, MUTED, &votes);
    }

    fn note(&mut self, note: &str) {
        self.text(LEFT, 551.0, 30.0, Weight::Regular, MUTED, note);
    }

    /// The name of the service in the corner.
    fn finish(mut self) -> String {
        let _ = write!(
            self.svg,
            "<g transform=\"translate(944 514) scale(1.5)\"><path fill=\"{ACCENT}\" d=\"M16 1 29 8.500v15L16 31 3 \
             23.500v-15z\"/><path fill=\"#1c0f06\" d=\"m16 6.500 8.500 18h-4.900L16 16.600 12.400 24.500H7.500z\"/></g>"
        );
        self.text(1002.0, 551.0, 32.0, Weight::Bold, TEXT, "MyAshes");
        self.svg.push_str("</svg>");
        self.svg
    }
}
