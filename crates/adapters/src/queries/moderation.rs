//! Reports about builds, and the log of what admins did.

use async_trait::async_trait;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{Sort, Visibility};
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::{BuildId, ReportId};
use myashes_domain::moderation::{AdminBuild, AdminBuildFilter, ModerationRepository, Report};
use myashes_domain::page::{ListPage, ListRequest, SortKey};
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::order::{self, PageWindow, Planning};
use super::rows::stored;
use super::{Backend, Conn, Db, listing};
use crate::cache::Invalidation;
use crate::sql::error::{DbError, DbResult};
use crate::sql::schema::{audit_log, build_ranks, builds, reports};
use crate::sql::types::{SqlTimestamp, hash32, within};

pub struct Moderation(pub Db);

#[async_trait]
impl ModerationRepository for Moderation {
    async fn report(
        &self,
        report: Report,
        caller: &Caller,
        idempotency: Option<IdempotencyRecord<Report>>,
    ) -> Result<WriteOutcome<Report>> {
        let caller = caller.clone();
        let work = job(move |conn| boxed(async move { file(conn, report, &caller).await }));
        self.0.write(Invalidation::None, idempotency.into(), work).await
    }

    async fn reports(&self, resolved: Option<bool>, request: ListRequest) -> Result<ListPage<Report>> {
        self.0.read((resolved, request), |conn, args| boxed(queue(conn, args))).await
    }

    async fn resolve(
        &self,
        id: &ReportId,
        at: Timestamp,
        options: WriteOptions<Report>,
    ) -> Result<WriteOutcome<Report>> {
        let id = id.clone();
        let work = job(move |conn| {
            boxed(async move {
                let open = reports::table
                    .filter(reports::report_id.eq(id.as_str()))
                    .filter(reports::resolved_at.is_null());
                diesel::update(open)
                    .set(reports::resolved_at.eq(Some(SqlTimestamp(at))))
                    .execute(conn)
                    .await?;
                Ok(find(conn, &id).await?.ok_or(Error::NotFound)?)
            })
        });
        self.0.write(Invalidation::None, options, work).await
    }

    async fn builds(&self, filter: &AdminBuildFilter, request: ListRequest) -> Result<ListPage<AdminBuild>> {
        self.0.read((filter.clone(), request), |conn, args| boxed(all_builds(conn, args))).await
    }

    async fn audit(&self, request: ListRequest) -> Result<ListPage<AuditEntry>> {
        self.0.read(request, |conn, request| boxed(audit(conn, request))).await
    }
}

/// Adds a line to the audit log.
pub async fn log(conn: &mut Conn, entry: &AuditEntry) -> DbResult<()> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::logged_at.eq(SqlTimestamp(entry.at)),
            audit_log::actor.eq(&entry.actor),
            audit_log::action.eq(&*entry.action),
            audit_log::target.eq(&entry.target),
            audit_log::details.eq(entry.details.to_string()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

type ReportRow = (String, String, String, SqlTimestamp, Option<SqlTimestamp>);

fn report_of((id, build, reason, reported_at, resolved_at): ReportRow) -> Report {
    Report {
        id: ReportId::stored(id),
        build: BuildId::stored(build),
        reason,
        reported_at: reported_at.0,
        resolved_at: resolved_at.map(|at| at.0),
    }
}

async fn find(conn: &mut Conn, id: &ReportId) -> DbResult<Option<Report>> {
    let row: Option<ReportRow> = reports::table
        .inner_join(builds::table)
        .filter(reports::report_id.eq(id.as_str()))
        .select((
            reports::report_id,
            builds::build_id,
            reports::reason,
            reports::reported_at,
            reports::resolved_at,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(report_of))
}

async fn file(conn: &mut Conn, report: Report, caller: &Caller) -> DbResult<Report> {
    type Row = (i64, String, bool, Option<Vec<u8>>, Option<String>);
    let build: Option<Row> = builds::table
        .filter(builds::build_id.eq(report.build.as_str()))
        .select((builds::id, builds::visibility, builds::hidden, builds::session, builds::player_id))
        .first(conn)
        .await
        .optional()?;
    let missing = || Error::BuildNotFound(report.build.to_string());
    let (row, seen_by, hidden, session, player) = build.ok_or_else(missing)?;
    let session = session.as_deref().map(|hash| SessionHash(hash32(hash)));
    if !stored::<Visibility>("visibility", &seen_by)?
        .is_visible(hidden, caller.owns(session, player.as_deref()))
    {
        return Err(missing().into());
    }
    let fingerprint = caller.fingerprint();
    let new = diesel::insert_into(reports::table)
        .values((
            reports::report_id.eq(report.id.as_str()),
            reports::build.eq(row),
            reports::caller.eq(fingerprint.as_slice()),
            reports::session.eq(caller.session.0.as_slice()),
            reports::player_id.eq(caller.player_id()),
            reports::reason.eq(&report.reason),
            reports::reported_at.eq(SqlTimestamp(report.reported_at)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if new > 0 {
        return Ok(report);
    }
    let open: Option<String> = reports::table
        .filter(reports::build.eq(row))
        .filter(reports::caller.eq(fingerprint.as_slice()))
        .filter(reports::resolved_at.is_null())
        .select(reports::report_id)
        .first(conn)
        .await
        .optional()?;
    let open = match open {
        Some(open) => find(conn, &ReportId::stored(open)).await?,
        None => None,
    };
    // Without one it was resolved, or its build deleted, since the insert met it.
    open.ok_or(DbError::UnexpectedRows { expected: 1, affected: 0 })
}

async fn queue(
    conn: &mut Conn,
    (resolved, request): (Option<bool>, ListRequest),
) -> DbResult<ListPage<Report>> {
    let filtered = || {
        let rows = reports::table.inner_join(builds::table).into_boxed::<Backend>();
        let rows = within!(rows, reports::reported_at, request);
        match resolved {
            Some(true) => rows.filter(reports::resolved_at.is_not_null()),
            Some(false) => rows.filter(reports::resolved_at.is_null()),
            None => rows,
        }
    };
    let total: i64 = filtered().count().get_result(conn).await?;
    let window = PageWindow::of(request.page);
    let mut query = filtered();
    if let Some(key) = window.after {
        query = query.filter(reports::id.gt(key.row));
    }
    let rows: Vec<(i64, ReportRow)> = query
        .order_by(reports::id)
        .limit(window.take)
        .offset(window.skip)
        .select((
            reports::id,
            (
                reports::report_id,
                builds::build_id,
                reports::reason,
                reports::reported_at,
                reports::resolved_at,
            ),
        ))
        .load(conn)
        .await?;
    let rows = rows.into_iter().map(|(row, report)| (report_of(report), key_of(row))).collect();
    Ok(ListPage::from_rows(rows, request.page.limit, total))
}

/// The key of a list that is sorted by row number alone.
fn key_of(row: i64) -> SortKey {
    SortKey { rank: 0.0, created: 0, row }
}

async fn all_builds(
    conn: &mut Conn,
    (filter, request): (AdminBuildFilter, ListRequest),
) -> DbResult<ListPage<AdminBuild>> {
    let filtered = || {
        let open = reports::table.filter(reports::resolved_at.is_null());
        let reported = exists(open.filter(reports::build.eq(build_ranks::build)));
        let rows = within!(build_ranks::table.into_boxed::<Backend>(), build_ranks::created_at, request);
        match filter.reported {
            Some(true) => rows.filter(reported),
            Some(false) => rows.filter(not(reported)),
            None => rows,
        }
    };
    let total: i64 = filtered().count().get_result(conn).await?;
    let keys =
        order::sorted(conn, (filtered(), Planning::ForWindow), Sort::Newest, PageWindow::of(request.page))
            .await?;
    let rows = keys.into_iter().map(|key| (key.row, key)).collect();
    let ListPage { items: rows, total, next } = ListPage::from_rows(rows, request.page.limit, total);
    let open: Vec<i64> = reports::table
        .filter(reports::resolved_at.is_null())
        .filter(reports::build.eq_any(&rows))
        .select(reports::build)
        .load(conn)
        .await?;
    let builds = listing::summaries(conn, &rows, false).await?.into_iter().map(|(row, build)| AdminBuild {
        build,
        open_reports: open.iter().filter(|of| **of == row).count() as u64,
    });
    Ok(ListPage { items: builds.collect(), total, next })
}

async fn audit(conn: &mut Conn, request: ListRequest) -> DbResult<ListPage<AuditEntry>> {
    let filtered = || within!(audit_log::table.into_boxed::<Backend>(), audit_log::logged_at, request);
    let total: i64 = filtered().count().get_result(conn).await?;
    let window = PageWindow::of(request.page);
    let mut query = filtered();
    if let Some(key) = window.after {
        query = query.filter(audit_log::id.lt(key.row));
    }
    let rows: Vec<(i64, SqlTimestamp, String, String, String, String)> = query
        .order_by(audit_log::id.desc())
        .limit(window.take)
        .offset(window.skip)
        .select((
            audit_log::id,
            audit_log::logged_at,
            audit_log::actor,
            audit_log::action,
            audit_log::target,
            audit_log::details,
        ))
        .load(conn)
        .await?;
    let lines: Result<Vec<(AuditEntry, SortKey)>> = rows
        .into_iter()
        .map(|(row, at, actor, action, target, details)| {
            let details = serde_json::from_str(&details)
                .map_err(|error| Error::internal(format!("a stored audit line: {error}")))?;
            Ok((AuditEntry { at: at.0, actor, action: action.into(), target, details }, key_of(row)))
        })
        .collect();
    Ok(ListPage::from_rows(lines?, request.page.limit, total))
}
