//! Breaking a title into lines that fit.

use super::fonts::{Fonts, Weight};

/// A title in lines of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Title {
    pub lines: Vec<String>,
    /// The size of the type in pixels.
    pub size: f32,
}

/// The sizes that are tried, each with the most lines it may take.
const SIZES: [(f32, usize); 4] = [(92.0, 1), (76.0, 2), (60.0, 3), (48.0, 4)];

/// Breaks a title at the largest size that holds all of it; at the smallest, what remains is cut off.
#[must_use]
pub fn title(text: &str, fonts: &Fonts, width: f32) -> Title {
    let mut last = Title { lines: Vec::new(), size: 0.0 };
    for (size, most) in SIZES {
        let lines = wrap(text, fonts, size, width);
        if lines.len() <= most {
            return Title { lines, size };
        }
        last = Title { lines: shorten(lines, most, fonts, size, width), size };
    }
    last
}

/// A text cut to a width, with an ellipsis where something is missing.
#[must_use]
pub fn fit(text: &str, fonts: &Fonts, weight: Weight, size: f32, width: f32) -> String {
    if fonts.width(text, weight, size) <= width {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shown = format!("{}…", kept.trim_end());
        if fonts.width(&shown, weight, size) <= width {
            return shown;
        }
    }
    String::new()
}

fn wrap(text: &str, fonts: &Fonts, size: f32, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fonts.width(&joined, Weight::Bold, size) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        // A word that is longer than a line is broken anywhere.
        for c in word.chars() {
            line.push(c);
            if fonts.width(&line, Weight::Bold, size) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn shorten(mut lines: Vec<String>, most: usize, fonts: &Fonts, size: f32, width: f32) -> Vec<String> {
    lines.truncate(most);
    if let Some(line) = lines.last_mut() {
        let cut = format!("{line}…");
        *line = if fonts.width(&cut, Weight::Bold, size) <= width {
            cut
        } else {
            fit(&cut, fonts, Weight::Bold, size, width)
        };
    }
    lines
}
