//! Reading this service's rows for the way back.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Visibility;

use super::super::rows::{ContentRow, stored};
use super::super::{Backend, Conn};
use crate::legacy_rows::{ExportRow, Pick, Table, cell, naive};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, feedback, searches, votes};
use crate::sql::types::SqlTimestamp;

const OWNER: &str = "who made an anonymous build (only a hash of the session is kept)";
const VOTER: &str = "who cast an anonymous vote (only a hash of the session is kept)";
const WRITER: &str = "which session gave feedback or searched (only a hash is kept)";

/// How many rows there are.
pub async fn rows(conn: &mut Conn, table: Table) -> DbResult<i64> {
    Ok(match table {
        Table::Builds => builds::table.count().get_result(conn).await?,
        Table::Votes => votes::table.count().get_result(conn).await?,
        Table::Feedback => feedback::table.count().get_result(conn).await?,
        Table::Searches => searches::table.count().get_result(conn).await?,
    })
}

/// The numbers of all builds or votes.
pub async fn row_ids(conn: &mut Conn, table: Table) -> DbResult<Vec<i64>> {
    Ok(match table {
        Table::Builds => builds::table.select(builds::id).load(conn).await?,
        _ => votes::table.select(votes::id).load(conn).await?,
    })
}

/// Narrows a query down to the rows that are asked for.
macro_rules! picked {
    ($query:expr, $id:expr, $pick:expr) => {{
        let query = $query.into_boxed::<Backend>();
        match $pick {
            Pick::After(after, limit) => query.filter($id.gt(after)).order_by($id).limit(limit),
            Pick::Rows(rows) => query.filter($id.eq_any(rows.to_vec())).order_by($id),
        }
    }};
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = builds)]
struct ExportedBuild {
    id: i64,
    build_id: String,
    #[diesel(embed)]
    content: ContentRow,
    is_template: bool,
    build_data: Option<String>,
    session: Option<Vec<u8>>,
    player_id: Option<String>,
    steam_id: Option<String>,
    display_name: Option<String>,
    created_at: SqlTimestamp,
    updated_at: SqlTimestamp,
    revision: i64,
    hidden: bool,
}

pub async fn export_builds(conn: &mut Conn, pick: Pick<'_>) -> DbResult<Vec<ExportRow>> {
    let query = builds::table.inner_join(build_ranks::table).select((
        ExportedBuild::as_select(),
        build_ranks::vote_count,
        build_ranks::rating_sum,
    ));
    let rows: Vec<(ExportedBuild, i64, i64)> = picked!(query, builds::id, pick).load(conn).await?;
    rows.into_iter().map(|(row, count, sum)| row.export_row(count, sum)).collect()
}

impl ExportedBuild {
    fn export_row(self, vote_count: i64, rating_sum: i64) -> DbResult<ExportRow> {
        let ContentRow {
            name,
            description,
            primary_archetype,
            secondary_archetype,
            class_name,
            race,
            visibility: seen_by,
            tags,
        } = self.content;
        let visibility: Visibility = stored("visibility", &seen_by)?;
        let mut lost = vec![];
        let anonymous = self.player_id.is_none() && !self.is_template;
        if tags != "[]" {
            lost.push("tags of a build");
        }
        if self.build_data.is_some() {
            lost.push("build_data of a build");
        }
        if visibility == Visibility::Unlisted {
            lost.push("that a build is unlisted (it becomes private)");
        }
        if self.hidden {
            lost.push("that a build is hidden (it becomes private)");
        }
        // The old column takes no nothing.
        let session = self.session.map(hex::encode).unwrap_or_default();
        let cells = vec![
            cell("build_id", self.build_id),
            cell("name", name),
            ("description", description),
            cell("primary_archetype", primary_archetype),
            cell("secondary_archetype", secondary_archetype),
            cell("class_name", class_name),
            cell("race", race),
            cell("is_public", visibility.is_listed(self.hidden)),
            cell("is_template", self.is_template),
            cell("session_id", session),
            ("player_id", self.player_id),
            ("steam_id", self.steam_id),
            ("steam_display_name", self.display_name),
            cell("rating_sum", rating_sum),
            cell("vote_count", vote_count),
            cell("created_at", naive(self.created_at.0)),
            cell("updated_at", naive(self.updated_at.0)),
        ];
        let maker_lost = anonymous.then_some(OWNER);
        Ok(ExportRow { row: self.id, revision: self.revision, cells, lost, maker_lost })
    }
}

type ExportedVote = (i64, String, Vec<u8>, Option<String>, i16, SqlTimestamp);

macro_rules! votes_with_builds {
    () => {
        votes::table.inner_join(builds::table).select((
            votes::id,
            builds::build_id,
            votes::session,
            votes::player_id,
            votes::rating,
            votes::cast_at,
        ))
    };
}

pub async fn export_votes(conn: &mut Conn, pick: Pick<'_>) -> DbResult<Vec<ExportRow>> {
    let rows: Vec<ExportedVote> = picked!(votes_with_builds!(), votes::id, pick).load(conn).await?;
    Ok(rows.into_iter().map(export_vote).collect())
}

/// The votes on any of these builds by any of these sessions or players.
pub async fn votes_by(
    conn: &mut Conn,
    on: &[i64],
    sessions: &[Vec<u8>],
    players: &[String],
) -> DbResult<Vec<ExportRow>> {
    let rows: Vec<ExportedVote> = votes_with_builds!()
        .filter(votes::build.eq_any(on))
        .filter(votes::session.eq_any(sessions).or(votes::player_id.eq_any(players)))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(export_vote).collect())
}

fn export_vote((row, build, session, player, rating, cast_at): ExportedVote) -> ExportRow {
    ExportRow {
        row,
        maker_lost: player.is_none().then_some(VOTER),
        cells: vec![
            cell("build_id", build),
            cell("session_id", hex::encode(session)),
            ("player_id", player),
            cell("rating", rating),
            cell("created_at", naive(cast_at.0)),
        ],
        ..ExportRow::default()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback)]
struct ExportedFeedback {
    id: i64,
    feedback_id: String,
    query: String,
    response_snippet: String,
    rating: String,
    search_mode: String,
    comment: Option<String>,
    session: Vec<u8>,
    received_at: SqlTimestamp,
    reviewed_at: Option<SqlTimestamp>,
    reviewed_by: Option<String>,
    flagged_for_cleanup: bool,
    cleanup_issue_url: Option<String>,
}

pub async fn export_feedback(conn: &mut Conn, pick: Pick<'_>) -> DbResult<Vec<ExportRow>> {
    let query = feedback::table.select(ExportedFeedback::as_select());
    let rows: Vec<ExportedFeedback> = picked!(query, feedback::id, pick).load(conn).await?;
    let rows = rows.into_iter().map(|row| ExportRow {
        row: row.id,
        maker_lost: Some(WRITER),
        cells: vec![
            cell("feedback_id", row.feedback_id),
            cell("query", row.query),
            cell("response_snippet", row.response_snippet),
            cell("search_mode", row.search_mode),
            cell("rating", row.rating),
            ("comment", row.comment),
            cell("session_id", hex::encode(row.session)),
            cell("created_at", naive(row.received_at.0)),
            ("reviewed_at", row.reviewed_at.map(|at| naive(at.0))),
            ("reviewed_by", row.reviewed_by),
            cell("flagged_for_cleanup", row.flagged_for_cleanup),
            ("cleanup_issue_url", row.cleanup_issue_url),
        ],
        ..ExportRow::default()
    });
    Ok(rows.collect())
}

pub async fn export_searches(conn: &mut Conn, pick: Pick<'_>) -> DbResult<Vec<ExportRow>> {
    type Row = (i64, String, String, i32, Vec<u8>, SqlTimestamp);
    let query = searches::table.select((
        searches::id,
        searches::query,
        searches::search_mode,
        searches::result_count,
        searches::session,
        searches::searched_at,
    ));
    let rows: Vec<Row> = picked!(query, searches::id, pick).load(conn).await?;
    let rows = rows.into_iter().map(|(row, query, mode, results, session, at)| ExportRow {
        row,
        maker_lost: Some(WRITER),
        cells: vec![
            cell("query", query),
            cell("search_mode", mode),
            cell("result_count", results),
            cell("session_id", hex::encode(session)),
            cell("created_at", naive(at.0)),
        ],
        ..ExportRow::default()
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_older_service_cannot_hold_of_a_build_is_reported() {
        let content = ContentRow {
            name: "Wall".into(),
            description: Some("Holds the gate".into()),
            primary_archetype: "tank".into(),
            secondary_archetype: "cleric".into(),
            class_name: "Paladin".into(),
            race: "vek".into(),
            visibility: "unlisted".into(),
            tags: r#"["pve"]"#.into(),
        };
        let written = serde_json::to_value(&content).unwrap();
        let at = SqlTimestamp(myashes_domain::clock::Timestamp::from_micros(0).unwrap());
        let row = ExportedBuild {
            id: 1,
            build_id: "b_12345678".into(),
            content,
            is_template: false,
            build_data: Some("{}".into()),
            session: None,
            player_id: None,
            steam_id: None,
            display_name: None,
            created_at: at,
            updated_at: at,
            revision: 1,
            hidden: true,
        };
        let ExportRow { cells, lost, .. } = row.export_row(0, 0).unwrap();
        let mut fields: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        // `is_public` there.
        fields.retain(|it| *it != "visibility");
        for field in fields.into_iter().chain(["build_data", "hidden", "unlisted"]) {
            let is_cell = cells.iter().any(|(name, value)| *name == field && value.is_some());
            assert!(is_cell || lost.iter().any(|it| it.contains(field)), "{field}");
        }
    }
}
