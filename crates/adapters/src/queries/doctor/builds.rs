//! Builds: whatever is stored about one besides what its owner wrote and the votes on it can be worked out from
//! those, and has to be what comes out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Tally;
use myashes_domain::clock::Day;
use myashes_domain::votes::DayTally;
use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use super::super::db::boxed;
use super::super::facets::Facet;
use super::super::rows::{ContentRow, RankRow};
use super::super::vote_batch::Locking;
use super::super::{Conn, dialect, transaction};
use super::consistency_check::{ConsistencyCheck, Expected};
use crate::findings::{Findings, Standard};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, build_tags, builds, facets as facets_table, vote_days, votes};
use crate::sql::types::SqlTimestamp;

/// What a build's owner wrote, and what is searched of it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = builds)]
pub struct BuildRow {
    pub id: i64,
    pub build_id: String,
    #[diesel(embed)]
    pub content: ContentRow,
    pub hidden: bool,
    pub is_template: bool,
    pub game_version: String,
    pub search_text: String,
    pub created_at: SqlTimestamp,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = build_ranks)]
pub struct Rank {
    pub build: i64,
    pub facet: i32,
    pub listed: bool,
    pub created_at: SqlTimestamp,
    #[diesel(embed)]
    pub scores: RankRow,
}

/// Looks at the builds after a row number; returns the last of them.
pub async fn examine(
    conn: &mut Conn,
    standard: Standard<'_>,
    after: i64,
    limit: usize,
    findings: &mut Findings,
) -> DbResult<Option<i64>> {
    let rows: Vec<i64> = builds::table
        .filter(builds::id.gt(after))
        .order_by(builds::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(builds::id)
        .load(conn)
        .await?;
    for case in cases(conn, standard, &rows).await? {
        case.note_game_data(standard, findings);
        if case.compare(findings) {
            findings.builds.push(case.row.id);
        }
    }
    Ok(rows.last().copied())
}

/// Repairs builds, with their score rows locked as a vote locks them.
pub async fn repair(conn: &mut Conn, standard: Standard<'_>, rows: &[i64]) -> DbResult<()> {
    let (rows, game) = (rows.to_vec(), standard.game.clone());
    let (ranking, searches_kept_since) = (standard.ranking, standard.searches_kept_since);
    let done = transaction(conn, WriteOptions::default(), move |conn| {
        boxed(async move {
            dialect::lock_ranks(conn, &rows, Locking::Wait).await?;
            let standard = Standard { game: &game, ranking, searches_kept_since };
            for case in cases(conn, standard, &rows).await? {
                case.repair(conn).await?;
            }
            Ok(())
        })
    });
    done.await.map(|done: WriteOutcome<()>| drop(done))
}

async fn cases(conn: &mut Conn, standard: Standard<'_>, rows: &[i64]) -> DbResult<Vec<ConsistencyCheck>> {
    let ranks: Vec<Rank> = build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .select(Rank::as_select())
        .load(conn)
        .await?;
    let facet_ids: BTreeSet<i32> = ranks.iter().map(|rank| rank.facet).collect();
    let facets: Vec<(i32, Facet)> = facets_table::table
        .filter(facets_table::id.eq_any(facet_ids))
        .select((facets_table::id, Facet::as_select()))
        .load(conn)
        .await?;
    let facets: HashMap<i32, Facet> = facets.into_iter().collect();
    let mut ranks: HashMap<i64, (Rank, Option<Facet>)> = ranks
        .into_iter()
        .map(|rank| (rank.build, (rank.clone(), facets.get(&rank.facet).cloned())))
        .collect();
    let mut tags: HashMap<i64, BTreeMap<String, bool>> = HashMap::new();
    let found: Vec<(String, i64, bool)> =
        build_tags::table.filter(build_tags::build.eq_any(rows)).load(conn).await?;
    for (tag, build, listed) in found {
        tags.entry(build).or_default().insert(tag, listed);
    }
    let mut days: HashMap<i64, BTreeMap<Day, DayTally>> = HashMap::new();
    let found: Vec<(i64, i32, i64, i64, i64)> =
        vote_days::table.filter(vote_days::build.eq_any(rows)).load(conn).await?;
    for (build, day, votes, rating_sum, weight) in found {
        days.entry(build).or_default().insert(Day(day), DayTally { votes, rating_sum, weight });
    }
    let mut right_days: HashMap<i64, BTreeMap<Day, DayTally>> = HashMap::new();
    let mut tallies: HashMap<i64, Tally> = HashMap::new();
    let found: Vec<(i64, i16, SqlTimestamp)> = votes::table
        .filter(votes::build.eq_any(rows))
        .select((votes::build, votes::rating, votes::cast_at))
        .load(conn)
        .await?;
    for (build, stars, cast_at) in found {
        let rating = super::super::rows::rating(stars)?;
        tallies.entry(build).or_default().increment(rating);
        let tally = DayTally::of(rating, cast_at.0, &standard.ranking);
        right_days.entry(build).or_default().entry(cast_at.0.day()).or_default().add(tally);
    }
    let found: Vec<BuildRow> = builds::table
        .filter(builds::id.eq_any(rows))
        .order_by(builds::id)
        .select(BuildRow::as_select())
        .load(conn)
        .await?;
    let case = |row: BuildRow| {
        let (id, right_days) = (row.id, right_days.remove(&row.id).unwrap_or_default());
        Ok(ConsistencyCheck {
            right: Expected::of(&row, tallies.remove(&id).unwrap_or_default(), right_days, standard)?,
            row,
            rank: ranks.remove(&id),
            tags: tags.remove(&id).unwrap_or_default(),
            days: days.remove(&id).unwrap_or_default(),
        })
    };
    found.into_iter().map(case).collect()
}
