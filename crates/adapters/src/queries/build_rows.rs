//! The rows of one build: the build row that its owner writes, the score row that its votes change, its tags and its
//! facet.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{Build, NewBuild, Owner, Rewrite};
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::votes::Scores;
use myashes_domain::{Error, Result};

use super::facets::{self, Facet};
use super::rows::{ContentRow, RankRow, SummaryRow, row_of};
use super::vote_batch::Locking;
use super::{Conn, dialect, tags};
use crate::sql::error::{DbResult, expect_rows};
use crate::sql::schema::{build_ranks, build_tags, builds};
use crate::sql::types::SqlTimestamp;

/// A build as it is inserted.
#[derive(Debug, Insertable)]
#[diesel(table_name = builds, treat_none_as_default_value = false)]
pub struct NewBuildRow {
    build_id: String,
    #[diesel(embed)]
    content: ContentRow,
    build_data: Option<String>,
    is_template: bool,
    game_version: String,
    search_text: String,
    session: Option<Vec<u8>>,
    player_id: Option<String>,
    steam_id: Option<String>,
    display_name: Option<String>,
    created_at: SqlTimestamp,
    updated_at: SqlTimestamp,
    revision: i64,
}

impl NewBuildRow {
    pub fn of(build: &NewBuild, updated_at: Timestamp) -> Result<Self> {
        let NewBuild { id, content, build_data, search_text, is_template, game_version, owner, created_at } =
            build;
        let Owner { session, player_id, steam_id, display_name } = owner;
        Ok(Self {
            build_id: id.to_string(),
            content: ContentRow::of(content)?,
            build_data: build_data.clone(),
            is_template: *is_template,
            game_version: game_version.clone(),
            search_text: search_text.clone(),
            session: session.map(|session| session.0.to_vec()),
            player_id: player_id.clone(),
            steam_id: steam_id.clone(),
            display_name: display_name.clone(),
            created_at: SqlTimestamp(*created_at),
            updated_at: SqlTimestamp(updated_at),
            revision: 1,
        })
    }
}

/// Stores a build with scores of no votes.
pub async fn insert(conn: &mut Conn, build: &NewBuild, scores: &Scores) -> DbResult<Build> {
    let content = &build.content;
    let row: Option<i64> = diesel::insert_into(builds::table)
        .values(NewBuildRow::of(build, build.created_at)?)
        .on_conflict(builds::build_id)
        .do_nothing()
        .returning(builds::id)
        .get_result(conn)
        .await
        .optional()?;
    let row = row.ok_or(Error::IdTaken)?;
    let facet = Facet::of(content, false, build.is_template, &build.game_version);
    let filed = facets::make(conn, &facet).await?;
    diesel::insert_into(build_ranks::table)
        .values((
            build_ranks::build.eq(row),
            build_ranks::facet.eq(filed),
            build_ranks::listed.eq(facet.listed),
            build_ranks::created_at.eq(SqlTimestamp(build.created_at)),
            build_ranks::bayesian.eq(scores.bayesian),
            build_ranks::trend.eq(scores.trend),
            build_ranks::tally_revision.eq(0_i64),
        ))
        .execute(conn)
        .await?;
    tags::put(conn, row, &content.tags, facet.listed).await?;
    facets::adjust(conn, &BTreeMap::from([(filed, 1)])).await?;
    reload(conn, &build.id).await
}

/// The build and its row number, with its score row locked. Every write to a build or its votes takes this lock,
/// before any other.
pub async fn lock(conn: &mut Conn, id: &BuildId) -> DbResult<Option<(i64, Build)>> {
    let Some(row) = row_of(conn, id).await? else { return Ok(None) };
    dialect::lock_ranks(conn, &[row], Locking::Wait).await?;
    load(conn, id).await
}

/// The same for a build that must exist.
pub async fn lock_existing(conn: &mut Conn, id: &BuildId) -> DbResult<(i64, Build)> {
    Ok(lock(conn, id).await?.ok_or_else(|| Error::BuildNotFound(id.to_string()))?)
}

/// A build that this transaction has written.
pub async fn reload(conn: &mut Conn, id: &BuildId) -> DbResult<Build> {
    let (_, build) = load(conn, id).await?.ok_or_else(|| Error::internal("a written build is missing"))?;
    Ok(build)
}

/// The build and its row number.
pub async fn load(conn: &mut Conn, id: &BuildId) -> DbResult<Option<(i64, Build)>> {
    let found: Option<(SummaryRow, RankRow, Option<String>)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::build_id.eq(id.as_str()))
        .select((SummaryRow::as_select(), RankRow::as_select(), builds::build_data))
        .first(conn)
        .await
        .optional()?;
    let Some((row, rank, data)) = found else { return Ok(None) };
    Ok(Some((row.id, row.build(rank, data)?)))
}

/// The builds that are there, by id.
pub async fn load_many(conn: &mut Conn, ids: Vec<BuildId>) -> DbResult<HashMap<String, Build>> {
    let found = dialect::look_up(conn, &ids).await?;
    found.into_iter().map(|(row, rank, data)| Ok((row.build_id.clone(), row.build(rank, data)?))).collect()
}

pub async fn rewrite_row(
    conn: &mut Conn,
    row: i64,
    before: &Build,
    rewrite: &Rewrite,
    game_version: &str,
) -> DbResult<()> {
    let content = &rewrite.content;
    diesel::update(builds::table.find(row))
        .set((
            ContentRow::of(content)?,
            builds::build_data.eq(&rewrite.build_data),
            builds::game_version.eq(game_version),
            builds::search_text.eq(&rewrite.search_text),
            builds::updated_at.eq(SqlTimestamp(rewrite.at)),
            builds::revision.eq(builds::revision + 1),
        ))
        .execute(conn)
        .await?;
    let it = &before.summary;
    let facet = Facet::of(content, it.hidden, it.is_template, game_version);
    if facet != Facet::of(&it.content, it.hidden, it.is_template, &it.game_version) {
        file_under(conn, row, &facet).await?;
    }
    if content.tags != it.content.tags {
        diesel::delete(build_tags::table.filter(build_tags::build.eq(row))).execute(conn).await?;
        tags::put(conn, row, &content.tags, facet.listed).await?;
    }
    Ok(())
}

/// Hides or shows a build whose score row is locked. Its owner sees which, so what a client has is out of date.
pub async fn set_hidden(conn: &mut Conn, row: i64, before: &Build, hidden: bool) -> DbResult<()> {
    diesel::update(builds::table.find(row)).set(builds::hidden.eq(hidden)).execute(conn).await?;
    let it = &before.summary;
    let facet = Facet::of(&it.content, hidden, it.is_template, &it.game_version);
    if facet != Facet::of(&it.content, it.hidden, it.is_template, &it.game_version) {
        file_under(conn, row, &facet).await?;
    }
    diesel::update(build_ranks::table.find(row))
        .set(build_ranks::tally_revision.eq(build_ranks::tally_revision + 1))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a build whose score row is locked to another facet, and into or out of public lists with it.
async fn file_under(conn: &mut Conn, row: i64, facet: &Facet) -> DbResult<()> {
    let left: i32 = build_ranks::table.find(row).select(build_ranks::facet).first(conn).await?;
    let entered = facets::make(conn, facet).await?;
    facets::adjust(conn, &BTreeMap::from([(left, -1), (entered, 1)])).await?;
    diesel::update(build_ranks::table.find(row))
        .set((build_ranks::facet.eq(entered), build_ranks::listed.eq(facet.listed)))
        .execute(conn)
        .await?;
    let others =
        build_tags::table.filter(build_tags::build.eq(row)).filter(build_tags::listed.ne(facet.listed));
    diesel::update(others).set(build_tags::listed.eq(facet.listed)).execute(conn).await?;
    Ok(())
}

/// Removes builds whose score rows are locked, with their votes, and counts them out.
pub async fn remove(conn: &mut Conn, rows: &[i64]) -> DbResult<()> {
    let facets: Vec<i32> = build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .select(build_ranks::facet)
        .load(conn)
        .await?;
    let mut differences: BTreeMap<i32, i64> = BTreeMap::new();
    for facet in facets {
        *differences.entry(facet).or_default() -= 1;
    }
    facets::adjust(conn, &differences).await?;
    let removed = diesel::delete(builds::table.filter(builds::id.eq_any(rows))).execute(conn).await?;
    expect_rows(rows.len(), removed)
}
