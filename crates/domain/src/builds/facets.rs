//! What the builds of a list are counted by.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use std::collections::BTreeMap;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use super::listing::BuildFilter;

/// What the builds of a list can be counted by.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum FacetField {
    /// The id of the first archetype.
    PrimaryArchetype,
    /// The id of the second archetype.
    SecondaryArchetype,
    /// The class.
    ClassName,
    /// The id of the race.
    Race,
    /// The version of the game pack that the build was created under.
    GameVersion,
    /// A tag; a build counts once for each of its tags.
    Tag,
}

impl FacetField {
    /// All fields.
    pub const ALL: &'static [Self] = <Self as VariantArray>::VARIANTS;

    /// `filter` without its own condition on this field; `None` when it has none.
    #[must_use]
    pub fn lifted_from(self, filter: &BuildFilter) -> Option<BuildFilter> {
        let mut others = filter.clone();
        let values = match self {
            Self::PrimaryArchetype => &mut others.primary_archetype,
            Self::SecondaryArchetype => &mut others.secondary_archetype,
            Self::ClassName => &mut others.class_name,
            Self::Race => &mut others.race,
            Self::GameVersion => &mut others.game_version,
            Self::Tag => &mut others.tag,
        };
        let had_values = !std::mem::take(values).is_empty();
        had_values.then_some(others)
    }
}

/// A value and how many builds have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    /// The value in its stored form.
    pub value: String,
    /// How many builds have it, at least 1.
    pub count: u64,
}

impl ValueCount {
    /// The most frequent values, ties by value.
    #[must_use]
    pub fn most_frequent(counts: impl IntoIterator<Item = (String, u64)>, limit: usize) -> Vec<Self> {
        let counted = counts.into_iter().filter(|(_, count)| *count > 0);
        let mut counts: Vec<Self> = counted.map(|(value, count)| Self { value, count }).collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        counts.truncate(limit);
        counts
    }
}

/// The most frequent values of each field under the other filters of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildFacets {
    /// At most [`Self::MAX_VALUES`] for each field, the most frequent first.
    pub values: BTreeMap<FacetField, Vec<ValueCount>>,
    /// Some of them are counted over the first [`crate::page::MAX_COUNTED`] matches only.
    pub approximate: bool,
}

impl BuildFacets {
    /// The most values of a field.
    pub const MAX_VALUES: usize = 10;
}
