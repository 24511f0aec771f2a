//! Pages of lists: numbered ones, and cursors (keyset pagination).

use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use crate::clock::Timestamp;
use crate::error::{Error, FieldError, Result};

/// How deep numbered pages reach, in items.
pub const DEEPEST: u64 = 10_000;

/// How far matches are counted that have to be looked for, and how deep numbered pages of them reach.
pub const MAX_COUNTED: u64 = 1_000;

/// The sort key of a row: the sort's own value, then the newest first, then the row number.
#[derive(Debug, Clone, Copy)]
pub struct SortKey {
    /// What the sort compares first: a score or a number of votes, 0 where it compares the time alone.
    pub rank: f64,
    /// Microseconds since 1970.
    pub created: i64,
    /// The row number in the database.
    pub row: i64,
}

impl SortKey {
    fn bits(&self) -> (u64, i64, i64) {
        (self.rank.to_bits(), self.created, self.row)
    }
}

/// Ranks are equal when their bits are, so that pages can be keys of a cache.
impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Eq for SortKey {}

impl Hash for SortKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// Numbered from 1.
    Page(u32),
    /// After the row with this key, which a cursor contains.
    After(SortKey),
}

/// A page to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// Where it begins.
    pub position: Position,
    /// The most items, at least 1.
    pub limit: u32,
}

impl PageRequest {
    /// The most items that callers may ask for.
    pub const MAX_LIMIT: u32 = 100;

    /// A numbered page of a list whose pages reach `deepest` items deep.
    ///
    /// # Errors
    /// A validation error on `page` beyond `deepest` items; a `limit` beyond [`Self::MAX_LIMIT`] is none of `page`.
    pub fn numbered(deepest: u64, page: u32, limit: u32) -> Result<Self, FieldError> {
        if u64::from(page) * u64::from(limit.min(Self::MAX_LIMIT)) > deepest {
            let message = format!(
                "pages reach {deepest} items deep; follow next_cursor with the parameter cursor instead"
            );
            return Err(FieldError::new("page", "too_deep", message));
        }
        Ok(Self { position: Position::Page(page), limit })
    }

    /// How many items to skip; 0 after a cursor.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self.position {
            Position::Page(page) => u64::from(page.saturating_sub(1)) * u64::from(self.limit),
            Position::After(_) => 0,
        }
    }

    /// The page's number, 1 after a cursor.
    #[must_use]
    pub fn number(&self) -> u32 {
        match self.position {
            Position::Page(page) => page,
            Position::After(_) => 1,
        }
    }
}

/// A page of a list, and the sort key after which the next one begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items in the order of the list.
    pub items: Vec<T>,
    /// After the last item, when there is a further one.
    pub next: Option<SortKey>,
}

impl<T> Page<T> {
    /// From `limit + 1` rows, the last of which only shows that there is more.
    #[must_use]
    pub fn from_rows(mut rows: Vec<(T, SortKey)>, limit: u32) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|(_, key)| *key) } else { None };
        Self { items: rows.into_iter().map(|(item, _)| item).collect(), next }
    }
}

/// Which part of an admin's list to fetch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListRequest {
    /// Where the page begins, and its size.
    pub page: PageRequest,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Up to, and without, this instant.
    pub until: Option<Timestamp>,
}

impl From<PageRequest> for ListRequest {
    fn from(page: PageRequest) -> Self {
        Self { page, from: None, until: None }
    }
}

/// A page of an admin's list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage<T> {
    /// The items in the order of the list.
    pub items: Vec<T>,
    /// Of the whole list.
    pub total: u64,
    /// After the last item, when there is a further one.
    pub next: Option<SortKey>,
}

impl<T> ListPage<T> {
    /// From `limit + 1` rows, the last of which only shows that there is more.
    #[must_use]
    pub fn from_rows(rows: Vec<(T, SortKey)>, limit: u32, total: i64) -> Self {
        let Page { items, next } = Page::from_rows(rows, limit);
        Self { items, total: u64::try_from(total).unwrap_or(0), next }
    }
}

/// How many items a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The number of items, or how far they were counted.
    pub count: u64,
    /// There are more than `count`.
    pub capped: bool,
}

impl Total {
    /// That of a list whose items are counted up to [`MAX_COUNTED`].
    #[must_use]
    pub fn counted(items: u64) -> Self {
        Self { count: items.min(MAX_COUNTED), capped: items > MAX_COUNTED }
    }

    /// That of a list of which so many items were seen: one that is not counted to its end has at least those.
    #[must_use]
    pub fn with_seen(self, items: u64) -> Self {
        let count = if self.capped { self.count.max(items) } else { self.count };
        Self { count, ..self }
    }
}

/// The list that a cursor is valid for: its name, its sort, and those of its filters that are set.
///
/// Each of them is a line `name=value`, so that cursors stay valid when the list gains a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding(String);

impl Binding {
    /// Without filters.
    #[must_use]
    pub fn to_list(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// With a further filter, if it is set.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<impl fmt::Display>) -> Self {
        if let Some(value) = value {
            let value = value.to_string();
            self.0.extend(["\n", name, "="]);
            self.0.extend(value.escape_default());
        }
        self
    }

    fn digest(&self) -> [u8; 8] {
        let digest = Sha256::digest(self.0.as_bytes());
        std::array::from_fn(|i| digest[i])
    }
}

/// `key` as an opaque text that only lists with the same `binding` take back.
#[must_use]
pub fn encode_cursor(key: &SortKey, binding: &Binding) -> String {
    let mut bytes = Vec::with_capacity(32);
    bytes.extend(binding.digest());
    bytes.extend(key.rank.to_bits().to_be_bytes());
    bytes.extend(key.created.to_be_bytes());
    bytes.extend(key.row.to_be_bytes());
    hex::encode(bytes)
}

/// Beyond every rank: whole numbers are exact up to here.
const MAX_RANK: f64 = 9_007_199_254_740_992.0;

/// The reverse of [`encode_cursor`].
///
/// # Errors
/// [`Error::Unreadable`] for a text that is no cursor, or one of another list.
pub fn decode_cursor(raw: &str, binding: &Binding) -> Result<SortKey> {
    let unusable = || Error::Unreadable("The cursor is not one of this service's".into());
    let bytes: [u8; 32] =
        hex::decode(raw).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(unusable)?;
    let word = |i: usize| -> [u8; 8] { std::array::from_fn(|j| bytes[i * 8 + j]) };
    if word(0) != binding.digest() {
        return Err(Error::Unreadable(
            "The cursor belongs to a list with other filters or another sort".into(),
        ));
    }
    let rank = f64::from_bits(u64::from_be_bytes(word(1)));
    let created = i64::from_be_bytes(word(2));
    // What no caller was given is compared by both databases alike.
    let is_known =
        rank.abs() <= MAX_RANK && Timestamp::from_micros(created).is_some_and(Timestamp::is_storable);
    if !is_known {
        return Err(unusable());
    }
    Ok(SortKey { rank, created, row: i64::from_be_bytes(word(3)) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_round_trip(rank in -1e12..1e12f64, created in 0i64..4_000_000_000_000_000, row: i64) {
            let (key, binding) = (SortKey { rank, created, row }, Binding::to_list("builds"));
            prop_assert_eq!(decode_cursor(&encode_cursor(&key, &binding), &binding).unwrap(), key);
        }

        #[test]
        fn garbage_is_refused_without_panic(raw in ".{0,80}") {
            prop_assert!(decode_cursor(&raw, &Binding::to_list("builds")).is_err());
        }
    }

    #[test]
    fn a_cursor_that_no_row_has_is_refused() {
        let binding = Binding::to_list("builds");
        let of = |rank, created| {
            decode_cursor(&encode_cursor(&SortKey { rank, created, row: 1 }, &binding), &binding)
        };
        assert!(of(MAX_RANK, 0).is_ok() && of(-MAX_RANK, 253_402_300_798_999_999).is_ok());
        for rank in [1e300, -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(of(rank, 0).is_err(), "{rank}");
        }
        // Instants before our era, before 4714 BC, and after the year 9999.
        for created in [-1, -5_000_000_000_000_000_000, 253_402_300_799_000_000, i64::MIN, i64::MAX] {
            assert!(of(0.0, created).is_err(), "{created}");
        }
    }

    #[test]
    fn a_total_that_is_capped_is_at_least_what_was_seen() {
        let of = |count, capped| Total { count, capped };
        assert_eq!(of(0, true).with_seen(20), of(20, true));
        assert_eq!(of(MAX_COUNTED, true).with_seen(20), of(MAX_COUNTED, true));
        assert_eq!(of(MAX_COUNTED, true).with_seen(MAX_COUNTED + 20), of(MAX_COUNTED + 20, true));
        assert_eq!(of(19, false).with_seen(20), of(19, false), "one was deleted meanwhile");
    }

    #[test]
    fn a_cursor_of_other_filters_is_refused() {
        let key = SortKey { rank: 1.0, created: 2, row: 3 };
        let of_race = |race| Binding::to_list("builds").with("race", Some(race));
        let cursor = encode_cursor(&key, &of_race("vek"));
        assert!(decode_cursor(&cursor, &of_race("dunir")).is_err());
        assert_eq!(decode_cursor(&cursor, &of_race("vek")).unwrap(), key);
    }

    #[test]
    fn a_filter_that_is_not_set_leaves_cursors_as_they_are() {
        let before = Binding::to_list("builds").with("race", Some("vek"));
        assert_eq!(before.clone().with("realm", None::<&str>), before);
        assert_ne!(before.clone().with("realm", Some("")), before);
    }

    #[test]
    fn a_value_cannot_pass_for_another_filter() {
        let one = Binding::to_list("builds").with("search", Some("a\nrace=vek"));
        assert_ne!(one, Binding::to_list("builds").with("search", Some("a")).with("race", Some("vek")));
    }

    #[test]
    fn the_row_past_the_limit_only_shows_that_there_is_more() {
        let row = |n: i64| (n, SortKey { rank: 0.0, created: 0, row: n });
        let page = Page::from_rows(vec![row(3), row(2), row(1)], 2);
        assert_eq!((page.items, page.next.map(|key| key.row)), (vec![3, 2], Some(2)));
        assert_eq!(Page::from_rows(vec![row(3)], 1).next, None);
    }
}
