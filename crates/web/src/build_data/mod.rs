//! A build's free-form data as sections that people can read, bounded in size.
//!
//! The data has no fixed schema. Short values are listed together, long ones become paragraphs, lists of skills
//! and gear become lists; whatever has another shape is shown as a tree.

mod json;
mod tree;

use json::Value;
pub use tree::Tree;

/// The most entries of one list.
const MAX_ENTRIES: usize = 60;
/// The most sections.
const MAX_SECTIONS: usize = 24;
/// The most characters of one text.
const MAX_TEXT: usize = 1_200;
/// The most characters of a key.
const MAX_KEY: usize = 60;
/// The most characters of what an entry says besides its name, each.
const MAX_DETAIL: usize = 120;
/// Longer texts at the top level become paragraphs.
const SHORT_TEXT: usize = 80;

/// The readable form of `build_data`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildData {
    /// Short values of the top level, such as the role.
    pub facts: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// Whether something was left out.
    pub truncated: bool,
}

/// A part under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub body: Body,
}

/// How a section is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Text(String),
    List(Vec<Entry>),
    Tree(Tree),
}

/// An entry of a list: a skill, or a piece of gear in its slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The key that the entry had, such as the slot.
    pub label: Option<String>,
    pub title: String,
    pub details: Vec<(String, String)>,
}

impl BuildData {
    /// Reads the text of a JSON object. Whatever cannot be read is no data.
    #[must_use]
    pub fn from_json(text: &str) -> Self {
        let Some(Value::Object(members)) = Value::parse(text) else { return Self::default() };
        let mut members: Vec<_> = members.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        members.sort_by_key(|(key, _)| rank(key));
        let mut data = Self::default();
        for (key, value) in members {
            if data.sections.len() >= MAX_SECTIONS || data.facts.len() >= MAX_SECTIONS {
                data.truncated = true;
                break;
            }
            data.add(&key, value);
        }
        data
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.sections.is_empty()
    }

    fn add(&mut self, key: &str, value: Value) {
        let heading = heading(key);
        if let Some(text) = value.scalar() {
            if text.chars().count() <= SHORT_TEXT {
                self.facts.push((heading, text));
            } else {
                let text = self.cut(&text);
                self.sections.push(Section { heading, body: Body::Text(text) });
            }
            return;
        }
        let body = match list(&value) {
            Some(mut entries) => {
                self.truncated |= entries.len() > MAX_ENTRIES;
                entries.truncate(MAX_ENTRIES);
                Body::List(entries)
            }
            None => {
                let (tree, truncated) = Tree::of(value);
                self.truncated |= truncated;
                Body::Tree(tree)
            }
        };
        self.sections.push(Section { heading, body });
    }

    fn cut(&mut self, text: &str) -> String {
        let cut = crate::text::cut(text, MAX_TEXT);
        self.truncated |= cut.len() < text.len();
        cut
    }
}

impl Entry {
    /// The details in one line: `rank 3, epic`.
    #[must_use]
    pub fn detail_line(&self) -> String {
        let parts: Vec<String> = self
            .details
            .iter()
            .map(|(key, value)| if key.is_empty() { value.clone() } else { format!("{key} {value}") })
            .collect();
        crate::text::cut(&parts.join(", "), 2 * SHORT_TEXT)
    }
}

/// The entries of a list or an object whose members are names or flat objects with a name.
fn list(value: &Value) -> Option<Vec<Entry>> {
    match value {
        Value::Array(items) => items.iter().map(|it| entry(None, it)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| entry(Some(heading(key)), value))
            .collect(),
        Value::Text(_) | Value::Literal(_) => None,
    }
}

fn entry(label: Option<String>, value: &Value) -> Option<Entry> {
    if let Some(title) = value.scalar() {
        return Some(Entry { label, title: crate::text::cut(&title, 300), details: Vec::new() });
    }
    let Value::Object(members) = value else { return None };
    let name = members.iter().position(|(key, value)| {
        matches!(key.to_ascii_lowercase().as_str(), "name" | "title" | "skill" | "item" | "ability")
            && value.scalar().is_some_and(|it| !it.trim().is_empty())
    })?;
    let mut details = Vec::new();
    for (at, (key, value)) in members.iter().enumerate() {
        if at == name || value.is_empty() {
            continue;
        }
        let short = || value.short_list(MAX_DETAIL).or_else(|| value.short_members(MAX_DETAIL));
        let text = value.scalar().or_else(short)?;
        let text = crate::text::cut(&text, MAX_DETAIL);
        let key = heading(key).to_lowercase();
        // A word explains itself, a number does not.
        let explained = match key.as_str() {
            "stats" => true,
            "rarity" | "quality" | "type" | "note" | "notes" => value.is_text(),
            _ => false,
        };
        details.push((if explained { String::new() } else { key }, text));
    }
    Some(Entry { label, title: crate::text::cut(&members[name].1.scalar()?, 300), details })
}

/// A key as a heading: `main_hand` and `mainHand` become `Main hand`.
fn heading(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut previous_is_lower = false;
    for c in crate::text::plain(key).chars() {
        if c == '_' || c == '-' || c == ' ' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if out.is_empty() {
            out.extend(c.to_uppercase());
        } else if c.is_uppercase() && previous_is_lower {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        previous_is_lower = c.is_lowercase();
    }
    let out = crate::text::cut(out.trim_end(), MAX_KEY);
    if out.is_empty() { "Unnamed".to_owned() } else { out }
}

/// Skills come first, then gear; everything else keeps its order.
fn rank(key: &str) -> u8 {
    match key.to_ascii_lowercase().as_str() {
        "skills" | "abilities" | "skill_tree" | "skilltree" => 0,
        "gear" | "equipment" | "weapons" | "armor" | "armour" | "items" => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests;
