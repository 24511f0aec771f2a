//! Archetypes as they are drawn: a hue and an emblem each.

use std::sync::LazyLock;

use crate::text::plain;

/// An archetype of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archetype {
    /// The id of the game data, such as `tank`.
    pub id: String,
    /// The displayed name, such as `Tank`.
    pub name: String,
}

/// How an archetype is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emblem {
    /// The name in ids and class names of pages.
    pub slug: &'static str,
    /// The hue on a dark ground.
    pub hue: &'static str,
    /// The drawing on 48 × 48 units, stroked in the current colour.
    pub drawing: &'static str,
}

impl Archetype {
    /// An archetype from its id and displayed name.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }

    /// The emblem; a neutral one for archetypes that the game no longer has.
    #[must_use]
    pub fn emblem(&self) -> &'static Emblem {
        EMBLEMS.iter().find(|it| it.slug == self.id).unwrap_or(&FALLBACK)
    }

    /// The emblem's name in ids and class names.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        self.emblem().slug
    }
}

/// The name of a class, or both archetypes where it has none.
#[must_use]
pub fn class_title(class_name: &str, primary: &Archetype, secondary: &Archetype) -> String {
    let class_name = plain(class_name);
    let pair = archetype_pair(primary, secondary);
    [class_name, pair].into_iter().find(|it| !it.is_empty()).unwrap_or_else(|| "Unknown class".to_owned())
}

/// Both archetypes in words: `Tank and Fighter`, or `Tank` twice as one.
#[must_use]
pub fn archetype_pair(primary: &Archetype, secondary: &Archetype) -> String {
    let (first, second) = (plain(&primary.name), plain(&secondary.name));
    if primary.id == secondary.id || second.is_empty() { first } else { format!("{first} and {second}") }
}

/// The emblems of the archetypes of the game.
pub const EMBLEMS: [Emblem; 8] = [
    Emblem {
        slug: "fighter",
        hue: "#f0837c",
        drawing: r#"<path d="M24 5l4.500 6.500V29h-9V11.500z"/><path d="M13 30.500h22M24 31v9"/><circle cx="24" cy="42" r="1.500"/>"#,
    },
    Emblem {
        slug: "tank",
        hue: "#9fb8d3",
        drawing: r#"<path d="M24 6l15 5v12c0 9-6 15.500-15 19-9-3.500-15-10-15-19V11z"/><path d="M15.500 18l8.500 6 8.500-6M17 26.500l7 5 7-5"/>"#,
    },
    Emblem {
        slug: "rogue",
        hue: "#b9a0f4",
        drawing: r#"<path d="M29 7.500A17 17 0 1 0 40.500 29 14.500 14.500 0 0 1 29 7.500z"/><path d="M36 11l2.500 6-2.500 6-2.500-6z"/>"#,
    },
    Emblem {
        slug: "ranger",
        hue: "#9ecb6a",
        drawing: r#"<path d="M16 6c17 5 17 31 0 36"/><path d="M16 6L12 24l4 18"/><path d="M7 24h34M35 18l6 6-6 6"/>"#,
    },
    Emblem {
        slug: "mage",
        hue: "#6fb9f7",
        drawing: r#"<path d="M24 7l4.500 12.500L41 24l-12.500 4.500L24 41l-4.500-12.500L7 24l12.500-4.500z"/><circle cx="37" cy="11" r="1.500"/><circle cx="11" cy="37" r="1.500"/>"#,
    },
    Emblem {
        slug: "summoner",
        hue: "#e794d5",
        drawing: r#"<path d="M24 14l9.500 16h-19z"/><circle cx="24" cy="24" r="15.500"/><circle cx="24" cy="8.500" r="3"/><circle cx="37.400" cy="31.700" r="3"/><circle cx="10.600" cy="31.700" r="3"/>"#,
    },
    Emblem {
        slug: "cleric",
        hue: "#e4c560",
        drawing: r#"<circle cx="24" cy="24" r="7.500"/><path d="M24 6v6M24 36v6M6 24h6M36 24h6M11.300 11.300l4.200 4.200M32.500 32.500l4.200 4.200M11.300 36.700l4.200-4.200M32.500 15.500l4.200-4.200"/>"#,
    },
    Emblem {
        slug: "bard",
        hue: "#5ecfb3",
        drawing: r#"<path d="M13 7c-4 9-3 25 11 28 14-3 15-19 11-28"/><path d="M11 15h26M19 15v16M24 15v20M29 15v16M24 35v6M17 41.500h14"/>"#,
    },
];

/// The emblem of an archetype that is not among those of the game.
pub const FALLBACK: Emblem = Emblem {
    slug: "other",
    hue: "#b8ada0",
    drawing: r#"<path d="M24 6.500l15 8.700v17.600l-15 8.700-15-8.700V15.200z"/><circle cx="24" cy="24" r="5"/>"#,
};

/// The symbols of all emblems, the fallback included, for the head of a page's body.
#[must_use]
pub fn symbols() -> &'static str {
    &SYMBOLS
}

static SYMBOLS: LazyLock<String> = LazyLock::new(|| {
    let symbol =
        |it: &Emblem| format!(r#"<symbol id="e-{}" viewBox="0 0 48 48">{}</symbol>"#, it.slug, it.drawing);
    EMBLEMS.iter().chain([&FALLBACK]).map(symbol).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retired_archetype_has_the_neutral_emblem() {
        assert_eq!(Archetype::new("warden\"><script>", "x").slug(), "other");
        assert_eq!(Archetype::new("tank", "Tank").slug(), "tank");
    }

    #[test]
    fn a_class_without_a_name_is_called_by_its_archetypes() {
        let (tank, bard) = (Archetype::new("tank", "Tank"), Archetype::new("bard", "Bard"));
        assert_eq!(class_title("Siren", &tank, &bard), "Siren");
        assert_eq!(class_title(" ", &tank, &bard), "Tank and Bard");
        assert_eq!(class_title("", &tank, &tank), "Tank");
    }
}
