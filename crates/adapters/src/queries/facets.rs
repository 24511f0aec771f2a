//! Facets: the few combinations of what lists filter by, each with how many builds it has: a stored count and changes that
//! are not added to it yet.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::relevance::Matcher;
use myashes_domain::builds::{BuildContent, BuildFilter, FacetField, Faceted, ValueCount};
use myashes_domain::text::{SearchTerm, fold, like_contains};

use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::{facet_changes, facet_parts, facets};

/// The advisory lock of the job that adds changes to the counts of facets and tags: the letters `tags`.
pub const COUNTS_LOCK: i64 = 0x7461_6773;

/// What a build is filed under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Insertable, Queryable, Selectable)]
#[diesel(table_name = facets)]
pub struct Facet {
    pub listed: bool,
    pub primary_archetype: String,
    pub secondary_archetype: String,
    pub class_name: String,
    pub class_folded: String,
    pub race: String,
    pub is_template: bool,
    pub game_version: String,
}

impl Facet {
    pub fn of(content: &BuildContent, hidden: bool, is_template: bool, game_version: &str) -> Self {
        Self {
            listed: content.visibility.is_listed(hidden),
            primary_archetype: content.primary_archetype.clone(),
            secondary_archetype: content.secondary_archetype.clone(),
            class_name: content.class_name.clone(),
            class_folded: fold(&content.class_name),
            race: content.race.clone(),
            is_template,
            game_version: game_version.to_owned(),
        }
    }
}

/// The values of a facet, and how many builds one of its parts has.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = facet_parts)]
pub struct FacetPart {
    pub id: i32,
    pub primary_archetype: String,
    pub secondary_archetype: String,
    pub class_name: String,
    pub race: String,
    pub game_version: String,
    pub builds: i64,
}

impl FacetPart {
    /// `None` for what facets do not hold.
    pub fn value(&self, field: FacetField) -> Option<&str> {
        match field {
            FacetField::PrimaryArchetype => Some(&self.primary_archetype),
            FacetField::SecondaryArchetype => Some(&self.secondary_archetype),
            FacetField::ClassName => Some(&self.class_name),
            FacetField::Race => Some(&self.race),
            FacetField::GameVersion => Some(&self.game_version),
            FacetField::Tag => None,
        }
    }
}

/// The id of a facet, which is made when it is new. A row that is there is not locked.
pub async fn make(conn: &mut Conn, facet: &Facet) -> DbResult<i32> {
    let found = || {
        facets::table
            .filter(facets::listed.eq(facet.listed))
            .filter(facets::primary_archetype.eq(&facet.primary_archetype))
            .filter(facets::secondary_archetype.eq(&facet.secondary_archetype))
            .filter(facets::class_name.eq(&facet.class_name))
            .filter(facets::race.eq(&facet.race))
            .filter(facets::is_template.eq(facet.is_template))
            .filter(facets::game_version.eq(&facet.game_version))
            .select(facets::id)
    };
    if let Some(id) = found().first(conn).await.optional()? {
        return Ok(id);
    }
    diesel::insert_into(facets::table)
        .values((facet, facets::builds.eq(0_i64)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(found().first(conn).await?)
}

/// Takes over the facet's folded text where it is of another version of the folding.
pub async fn refold(conn: &mut Conn, id: i32, facet: &Facet) -> DbResult<()> {
    diesel::update(facets::table.find(id).filter(facets::class_folded.ne(&facet.class_folded)))
        .set(facets::class_folded.eq(&facet.class_folded))
        .execute(conn)
        .await?;
    Ok(())
}

/// Changes the counts of facets.
pub async fn adjust(conn: &mut Conn, differences: &BTreeMap<i32, i64>) -> DbResult<()> {
    for (facet, difference) in differences {
        diesel::insert_into(facet_changes::table)
            .values((facet_changes::facet.eq(facet), facet_changes::difference.eq(difference)))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Adds the oldest changes to the stored counts; whether there may be more of them. No other process does the same
/// meanwhile.
pub async fn fold_changes(conn: &mut Conn, most: i64) -> DbResult<bool> {
    let changes: Vec<(i64, i32, i64)> = facet_changes::table
        .order_by(facet_changes::id)
        .limit(most)
        .select(facet_changes::all_columns)
        .load(conn)
        .await?;
    let mut differences: BTreeMap<i32, i64> = BTreeMap::new();
    for (_, facet, difference) in &changes {
        *differences.entry(*facet).or_default() += difference;
    }
    for (facet, difference) in differences.into_iter().filter(|(_, difference)| *difference != 0) {
        diesel::update(facets::table.find(facet))
            .set(facets::builds.eq(facets::builds + difference))
            .execute(conn)
            .await?;
    }
    let ids: Vec<i64> = changes.iter().map(|(id, ..)| *id).collect();
    diesel::delete(facet_changes::table.filter(facet_changes::id.eq_any(&ids))).execute(conn).await?;
    Ok(i64::try_from(ids.len()).is_ok_and(|folded| folded >= most))
}

/// A query for rows with one of these values, if there are any. A single value is compared with `=`, whose plan
/// PostgreSQL keeps: a list may have any length, and is planned anew each time.
macro_rules! with_any {
    ($query:ident, $column:expr, $values:expr) => {
        match &$values[..] {
            [] => $query,
            [one] => $query.filter($column.eq(one.clone())),
            any => $query.filter($column.eq_any(any.to_vec())),
        }
    };
}

/// The parts of the facets that `filter` lets through, of listed builds and of others.
pub fn admitted(filter: &BuildFilter) -> facet_parts::BoxedQuery<'static, Backend> {
    type Condition = Box<dyn BoxableExpression<facet_parts::table, Backend, SqlType = Bool>>;
    let (Faceted { class_name, primary_archetype, secondary_archetype, race, is_template, game_version }, _) =
        filter.conditions();
    let mut query = facet_parts::table.into_boxed::<Backend>();
    let parts = class_name.iter().map(|part| -> Condition {
        Box::new(facet_parts::class_folded.like(like_contains(part)).escape('\\'))
    });
    if let Some(any) = parts.reduce(|one, other| Box::new(one.or(other))) {
        query = query.filter(any);
    }
    query = with_any!(query, facet_parts::primary_archetype, primary_archetype);
    query = with_any!(query, facet_parts::secondary_archetype, secondary_archetype);
    query = with_any!(query, facet_parts::race, race);
    if let Some(is_template) = is_template {
        query = query.filter(facet_parts::is_template.eq(is_template));
    }
    with_any!(query, facet_parts::game_version, game_version)
}

/// Those of listed builds.
pub fn listed(filter: &BuildFilter) -> facet_parts::BoxedQuery<'static, Backend> {
    admitted(filter).filter(facet_parts::listed)
}

/// The listed facets that `filter` lets through, and how many builds they have in all.
pub async fn matching(conn: &mut Conn, filter: &BuildFilter) -> DbResult<(Vec<i32>, i64)> {
    counted(conn, listed(filter)).await
}

/// The same of a class or a race whose name is spelled or sounds like the term.
pub async fn similar(conn: &mut Conn, filter: &BuildFilter, term: &SearchTerm) -> DbResult<(Vec<i32>, i64)> {
    let mut classes: Vec<String> =
        listed(filter).select(facet_parts::class_folded).distinct().load(conn).await?;
    let mut races: Vec<String> = listed(filter).select(facet_parts::race).distinct().load(conn).await?;
    let mut matcher = Matcher::new(term);
    classes.retain(|name| matcher.is_similar(name));
    races.retain(|name| matcher.is_similar(name));
    if classes.is_empty() && races.is_empty() {
        return Ok((vec![], 0));
    }
    let named = facet_parts::class_folded.eq_any(classes).or(facet_parts::race.eq_any(races));
    counted(conn, listed(filter).filter(named)).await
}

/// The facets of a query that have builds, and how many they have in all.
async fn counted(
    conn: &mut Conn,
    query: facet_parts::BoxedQuery<'static, Backend>,
) -> DbResult<(Vec<i32>, i64)> {
    let parts: Vec<(i32, i64)> = query.select((facet_parts::id, facet_parts::builds)).load(conn).await?;
    let mut counts: BTreeMap<i32, i64> = BTreeMap::new();
    for (facet, builds) in parts {
        *counts.entry(facet).or_default() += builds;
    }
    counts.retain(|_, builds| *builds > 0);
    Ok((counts.keys().copied().collect(), counts.values().sum()))
}

/// The most frequent of counted values.
pub fn most_frequent(counts: impl IntoIterator<Item = (String, i64)>, limit: usize) -> Vec<ValueCount> {
    let counts = counts.into_iter().map(|(value, count)| (value, u64::try_from(count).unwrap_or(0)));
    ValueCount::most_frequent(counts, limit)
}

/// Whether `filter` asks for anything that facets are made of.
pub fn filters_by_facet(filter: &BuildFilter) -> bool {
    let (Faceted { class_name, primary_archetype, secondary_archetype, race, is_template, game_version }, _) =
        filter.conditions();
    let lists = [class_name, primary_archetype, secondary_archetype, race, game_version];
    is_template.is_some() || lists.into_iter().any(|values| !values.is_empty())
}
