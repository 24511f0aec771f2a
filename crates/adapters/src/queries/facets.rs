//! Facets: the few combinations of what lists filter by, each with how many builds it has.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::relevance::Matcher;
use myashes_domain::builds::{BuildContent, BuildFilter};
use myashes_domain::text::{SearchTerm, fold, like_contains};

use super::{Backend, Conn};
use crate::sql::error::{DbResult, expect_rows};
use crate::sql::schema::facets;

/// What a build is filed under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Insertable)]
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

/// Files `count` more builds under `facet`, which is made when it is new, and returns the facet's id.
pub async fn enter_many(conn: &mut Conn, facet: &Facet, count: i64) -> DbResult<i32> {
    Ok(diesel::insert_into(facets::table)
        .values((facet, facets::builds.eq(count)))
        .on_conflict((
            facets::listed,
            facets::primary_archetype,
            facets::secondary_archetype,
            facets::class_name,
            facets::race,
            facets::is_template,
            facets::game_version,
        ))
        .do_update()
        .set((
            facets::builds.eq(facets::builds + excluded(facets::builds)),
            // Of another version of the folding until the doctor files its builds anew.
            facets::class_folded.eq(excluded(facets::class_folded)),
        ))
        .returning(facets::id)
        .get_result(conn)
        .await?)
}

/// Moves one build from a facet to another, and returns the id of that one.
pub async fn transfer(conn: &mut Conn, from: i32, to: &Facet) -> DbResult<i32> {
    let to = make(conn, to).await?;
    adjust(conn, &BTreeMap::from([(from, -1), (to, 1)])).await?;
    Ok(to)
}

/// The id of a facet, which is made when it is new. Its count is not changed, and a row that is there is not locked.
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

/// Changes the counts of facets, in the order of their ids so that no two transactions wait for each other.
pub async fn adjust(conn: &mut Conn, differences: &BTreeMap<i32, i64>) -> DbResult<()> {
    for (facet, difference) in differences {
        let adjusted = diesel::update(facets::table.find(facet))
            .set(facets::builds.eq(facets::builds + difference))
            .execute(conn)
            .await?;
        expect_rows(1, adjusted)?;
    }
    Ok(())
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

/// The facets that `filter` lets through, of listed builds and of others.
pub fn admitted(filter: &BuildFilter) -> facets::BoxedQuery<'static, Backend> {
    type Condition = Box<dyn BoxableExpression<facets::table, Backend, SqlType = Bool>>;
    let BuildFilter {
        class_name,
        primary_archetype,
        secondary_archetype,
        race,
        is_template,
        game_version,
        // Builds are compared with these: see `build_search::matching`.
        scope: _,
        search: _,
        tag: _,
        tag_mode: _,
        creator: _,
    } = filter;
    let mut query = facets::table.into_boxed::<Backend>();
    let parts = class_name
        .iter()
        .map(|part| -> Condition { Box::new(facets::class_folded.like(like_contains(part)).escape('\\')) });
    if let Some(any) = parts.reduce(|one, other| Box::new(one.or(other))) {
        query = query.filter(any);
    }
    query = with_any!(query, facets::primary_archetype, primary_archetype);
    query = with_any!(query, facets::secondary_archetype, secondary_archetype);
    query = with_any!(query, facets::race, race);
    if let Some(is_template) = is_template {
        query = query.filter(facets::is_template.eq(*is_template));
    }
    with_any!(query, facets::game_version, game_version)
}

/// Those of them that listed builds have.
pub fn listed(filter: &BuildFilter) -> facets::BoxedQuery<'static, Backend> {
    admitted(filter).filter(facets::listed).filter(facets::builds.gt(0))
}

/// The listed facets that `filter` lets through, and how many builds they have in all.
pub async fn matching(conn: &mut Conn, filter: &BuildFilter) -> DbResult<(Vec<i32>, i64)> {
    counted(conn, listed(filter)).await
}

/// The same of a class or a race whose name is spelled or sounds like the term.
pub async fn similar(conn: &mut Conn, filter: &BuildFilter, term: &SearchTerm) -> DbResult<(Vec<i32>, i64)> {
    let mut classes: Vec<String> = listed(filter).select(facets::class_folded).distinct().load(conn).await?;
    let mut races: Vec<String> = listed(filter).select(facets::race).distinct().load(conn).await?;
    let mut matcher = Matcher::new(term);
    classes.retain(|name| matcher.is_similar(name));
    races.retain(|name| matcher.is_similar(name));
    if classes.is_empty() && races.is_empty() {
        return Ok((vec![], 0));
    }
    let named = facets::class_folded.eq_any(classes).or(facets::race.eq_any(races));
    counted(conn, listed(filter).filter(named)).await
}

/// The facets of a query, and how many builds they have in all.
async fn counted(conn: &mut Conn, query: facets::BoxedQuery<'static, Backend>) -> DbResult<(Vec<i32>, i64)> {
    let rows: Vec<(i32, i64)> = query.select((facets::id, facets::builds)).load(conn).await?;
    let total = rows.iter().map(|(_, builds)| builds).sum();
    Ok((rows.into_iter().map(|(id, _)| id).collect(), total))
}

/// Whether `filter` asks for anything that facets are made of.
pub fn filters_by_facet(filter: &BuildFilter) -> bool {
    let BuildFilter {
        scope: _,
        class_name,
        primary_archetype,
        secondary_archetype,
        race,
        is_template,
        game_version,
        // See `BuildFilter::narrowing`.
        search: _,
        tag: _,
        tag_mode: _,
        creator: _,
    } = filter;
    let lists = [class_name, primary_archetype, secondary_archetype, race, game_version];
    is_template.is_some() || lists.into_iter().any(|values| !values.is_empty())
}
