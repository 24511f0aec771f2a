//! Feedback on the assistant's answers.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::feedback::{
    Cleanup, DayCount, Feedback, FeedbackDraft, FeedbackFilter, FeedbackReceipt, FeedbackRepository,
    FeedbackStats, ModeCount, NewFeedback, Patterns, Review, Thumb,
};
use myashes_domain::ids::FeedbackId;
use myashes_domain::page::{ListPage, PageRequest, SortKey};
use myashes_domain::text::{fold_query, like_contains};
use myashes_domain::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::order::{PageWindow, created};
use super::rows::stored;
use super::{Backend, Conn, Db, dialect};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::feedback;
use crate::sql::types::{Instant, SqlTimestamp, within};

pub struct FeedbackStore(pub Db);

#[async_trait]
impl FeedbackRepository for FeedbackStore {
    async fn record(
        &self,
        new: NewFeedback,
        idempotency: Option<IdempotencyRecord<FeedbackReceipt>>,
    ) -> Result<WriteOutcome<FeedbackReceipt>> {
        let work = job(move |conn| boxed(async move { insert(conn, &new).await }));
        self.0.write(Invalidation::None, idempotency.into(), work).await
    }

    async fn find(&self, id: &FeedbackId) -> Result<Option<Feedback>> {
        self.0.read(id.clone(), |conn, id| boxed(async move { find(conn, &id).await })).await
    }

    async fn list(&self, filter: &FeedbackFilter, page: PageRequest) -> Result<ListPage<Feedback>> {
        let args = (filter.clone(), page);
        if filter.query_part.is_some() {
            return self.0.read_report(args, |conn, args| boxed(list(conn, args))).await;
        }
        self.0.read_from_replica(args, |conn, args| boxed(list(conn, args))).await
    }

    async fn set_review(
        &self,
        id: &FeedbackId,
        review: Option<Review>,
        cleanup: Option<Cleanup>,
        options: WriteOptions<Feedback>,
    ) -> Result<WriteOutcome<Feedback>> {
        let id = id.clone();
        let work = job(move |conn| {
            boxed(async move { set_review(conn, &id, review.as_ref(), cleanup.as_ref()).await })
        });
        self.0.write(Invalidation::None, options, work).await
    }

    async fn flag(&self, id: &FeedbackId, options: WriteOptions<Feedback>) -> Result<WriteOutcome<Feedback>> {
        let id = id.clone();
        let work = job(move |conn| boxed(async move { flag(conn, &id).await }));
        self.0.write(Invalidation::None, options, work).await
    }

    async fn stats(&self, now: Timestamp) -> Result<FeedbackStats> {
        self.0.read_report(now, |conn, now| boxed(stats(conn, now))).await
    }

    async fn counts(&self, since: Timestamp) -> Result<Vec<ModeCount>> {
        self.0.read_report(since, |conn, since| boxed(counts(conn, since))).await
    }

    async fn patterns(&self, since: Timestamp, limit: u32) -> Result<Patterns> {
        let args = (since, i64::from(limit));
        self.0.read_report(args, |conn, args| boxed(patterns(conn, args))).await
    }

    async fn by_day(&self, since: Timestamp) -> Result<Vec<DayCount>> {
        self.0.read_report(since, |conn, since| boxed(by_day(conn, since))).await
    }

    async fn negative_after(&self, since: Timestamp, after: i64, limit: u32) -> Result<Vec<(i64, Feedback)>> {
        let args = (since, after, i64::from(limit));
        self.0.read_from_replica(args, |conn, args| boxed(negative_after(conn, args))).await
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = feedback)]
struct FeedbackRow {
    id: i64,
    feedback_id: String,
    query: String,
    response_snippet: String,
    rating: String,
    search_mode: String,
    comment: Option<String>,
    player_id: Option<String>,
    received_at: SqlTimestamp,
    reviewed_at: Option<SqlTimestamp>,
    reviewed_by: Option<String>,
    flagged_for_cleanup: bool,
    cleanup_issue_url: Option<String>,
}

impl FeedbackRow {
    fn feedback(self) -> Result<Feedback> {
        let review = self
            .reviewed_at
            .map(|at| Review { reviewed_at: at.0, reviewed_by: self.reviewed_by.unwrap_or_default() });
        Ok(Feedback {
            id: FeedbackId::stored(self.feedback_id),
            draft: FeedbackDraft {
                query: self.query,
                response_snippet: self.response_snippet,
                rating: stored("thumb", &self.rating)?,
                search_mode: stored("search mode", &self.search_mode)?,
                comment: self.comment,
            },
            player_id: self.player_id,
            received_at: self.received_at.0,
            review,
            cleanup: Cleanup { flagged: self.flagged_for_cleanup, issue_url: self.cleanup_issue_url },
        })
    }
}

/// Feedback as it is inserted.
#[derive(Debug, Insertable)]
#[diesel(table_name = feedback, treat_none_as_default_value = false)]
pub struct NewFeedbackRow<'a> {
    feedback_id: &'a str,
    query: &'a str,
    query_folded: String,
    response_snippet: &'a str,
    rating: &'static str,
    search_mode: &'static str,
    comment: Option<&'a str>,
    session: &'a [u8],
    player_id: Option<&'a str>,
    received_at: SqlTimestamp,
}

impl<'a> NewFeedbackRow<'a> {
    pub fn of(NewFeedback { id, draft, session, player_id, received_at }: &'a NewFeedback) -> Self {
        Self {
            feedback_id: id.as_str(),
            query: &draft.query,
            query_folded: fold_query(&draft.query),
            response_snippet: &draft.response_snippet,
            rating: draft.rating.into_str(),
            search_mode: draft.search_mode.into_str(),
            comment: draft.comment.as_deref(),
            session: &session.0,
            player_id: player_id.as_deref(),
            received_at: SqlTimestamp(*received_at),
        }
    }
}

async fn insert(conn: &mut Conn, new: &NewFeedback) -> DbResult<FeedbackReceipt> {
    let stored = diesel::insert_into(feedback::table)
        .values(NewFeedbackRow::of(new))
        .on_conflict(feedback::feedback_id)
        .do_nothing()
        .execute(conn)
        .await?;
    match stored {
        0 => Err(Error::IdTaken.into()),
        _ => Ok(FeedbackReceipt { id: new.id.clone(), received_at: new.received_at }),
    }
}

async fn find(conn: &mut Conn, id: &FeedbackId) -> DbResult<Option<Feedback>> {
    let row: Option<FeedbackRow> = feedback::table
        .filter(feedback::feedback_id.eq(id.as_str()))
        .select(FeedbackRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(FeedbackRow::feedback).transpose()?)
}

async fn find_existing(conn: &mut Conn, id: &FeedbackId) -> DbResult<Feedback> {
    Ok(find(conn, id).await?.ok_or_else(|| Error::FeedbackNotFound(id.to_string()))?)
}

/// Sets the review, and the cleanup where one is given.
async fn set_review(
    conn: &mut Conn,
    id: &FeedbackId,
    review: Option<&Review>,
    cleanup: Option<&Cleanup>,
) -> DbResult<Feedback> {
    let row = || feedback::table.filter(feedback::feedback_id.eq(id.as_str()));
    let review = (
        feedback::reviewed_at.eq(review.map(|it| SqlTimestamp(it.reviewed_at))),
        feedback::reviewed_by.eq(review.map(|it| it.reviewed_by.as_str())),
    );
    match cleanup {
        Some(cleanup) => {
            let cleanup = (
                feedback::flagged_for_cleanup.eq(cleanup.flagged),
                feedback::cleanup_issue_url.eq(cleanup.issue_url.as_deref()),
            );
            diesel::update(row()).set((review, cleanup)).execute(conn).await?;
        }
        None => {
            diesel::update(row()).set(review).execute(conn).await?;
        }
    }
    find_existing(conn, id).await
}

async fn flag(conn: &mut Conn, id: &FeedbackId) -> DbResult<Feedback> {
    let tracked = feedback::flagged_for_cleanup.and(feedback::cleanup_issue_url.is_not_null());
    let row = feedback::table.filter(feedback::feedback_id.eq(id.as_str())).filter(diesel::dsl::not(tracked));
    let flagged = diesel::update(row).set(feedback::flagged_for_cleanup.eq(true)).execute(conn).await?;
    let found = find_existing(conn, id).await?;
    if flagged == 0 { Err(Error::AlreadyFlagged.into()) } else { Ok(found) }
}

fn filtered<'a>(filter: &FeedbackFilter) -> feedback::BoxedQuery<'a, Backend> {
    let mut query = feedback::table.into_boxed();
    if let Some(rating) = filter.rating {
        query = query.filter(feedback::rating.eq(rating.into_str()));
    }
    if let Some(mode) = filter.search_mode {
        query = query.filter(feedback::search_mode.eq(mode.into_str()));
    }
    query = within!(query, feedback::received_at, filter);
    query = match filter.reviewed {
        Some(true) => query.filter(feedback::reviewed_at.is_not_null()),
        Some(false) => query.filter(feedback::reviewed_at.is_null()),
        None => query,
    };
    if let Some(flagged) = filter.flagged {
        query = query.filter(feedback::flagged_for_cleanup.eq(flagged));
    }
    if let Some(part) = &filter.query_part {
        query = query
            .filter(PreparedSql::<_, Bool>::new(dialect::WITHIN_TIMEOUT.0, ()))
            .filter(feedback::query_folded.like(like_contains(&fold_query(part))).escape('\\'));
    }
    query
}

async fn list(
    conn: &mut Conn,
    (filter, page): (FeedbackFilter, PageRequest),
) -> DbResult<ListPage<Feedback>> {
    let total: i64 = filtered(&filter).count().get_result(conn).await?;
    let window = PageWindow::of(page);
    let mut query = filtered(&filter);
    if let Some(key) = window.after {
        let at = created(key)?;
        let same = feedback::received_at.eq(at).and(feedback::id.lt(key.row));
        query = query.filter(feedback::received_at.lt(at).or(same));
    }
    let rows: Vec<FeedbackRow> = query
        .order_by((feedback::received_at.desc(), feedback::id.desc()))
        .limit(window.take)
        .offset(window.skip)
        .select(FeedbackRow::as_select())
        .load(conn)
        .await?;
    let items: Result<Vec<(Feedback, SortKey)>> = rows
        .into_iter()
        .map(|row| {
            let key = SortKey { rank: 0.0, created: row.received_at.0.micros(), row: row.id };
            Ok((row.feedback()?, key))
        })
        .collect();
    Ok(ListPage::from_rows(items?, page.limit, total))
}

async fn counts(conn: &mut Conn, since: Timestamp) -> DbResult<Vec<ModeCount>> {
    let by_mode: PreparedSql<_, (Text, BigInt, BigInt)> = PreparedSql::new(
        "SELECT search_mode, count(*) FILTER (WHERE rating = 'up'), count(*) FILTER (WHERE rating = \
         'down') FROM feedback WHERE received_at >= $1 AND $2 GROUP BY search_mode ORDER BY search_mode",
        (SqlTimestamp(since).into_sql::<Instant>(), dialect::WITHIN_TIMEOUT),
    );
    let rows: Vec<(String, i64, i64)> = by_mode.load(conn).await?;
    rows.into_iter()
        .map(|(name, up, down)| {
            Ok(ModeCount {
                search_mode: stored("search mode", &name)?,
                positive: unsigned(up),
                negative: unsigned(down),
            })
        })
        .collect()
}

async fn stats(conn: &mut Conn, now: Timestamp) -> DbResult<FeedbackStats> {
    const DAY_SECONDS: i64 = 86_400;
    let before = |days: i64| SqlTimestamp(now.plus_seconds(-days * DAY_SECONDS)).into_sql::<Instant>();
    let numbers: PreparedSql<_, (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt)> = PreparedSql::new(
        "SELECT count(*), count(reviewed_at), count(*) FILTER (WHERE flagged_for_cleanup), count(*) FILTER \
         (WHERE received_at >= $1), count(*) FILTER (WHERE received_at >= $2), count(*) FILTER (WHERE \
         received_at >= $3) FROM feedback WHERE $4",
        (before(1), before(7), before(30), dialect::WITHIN_TIMEOUT),
    );
    let (total, reviewed, flagged, day, week, month): (i64, i64, i64, i64, i64, i64) =
        numbers.get_result(conn).await?;
    let first = Timestamp::from_micros(0).ok_or_else(|| Error::internal("1970 is no instant"))?;
    Ok(FeedbackStats {
        by_search_mode: counts(conn, first).await?,
        reviewed: unsigned(reviewed),
        unreviewed: unsigned(total - reviewed),
        flagged: unsigned(flagged),
        last_24h: unsigned(day),
        last_7d: unsigned(week),
        last_30d: unsigned(month),
    })
}

async fn patterns(conn: &mut Conn, (since, limit): (Timestamp, i64)) -> DbResult<Patterns> {
    let frequent: PreparedSql<_, (Text, BigInt)> = PreparedSql::new(
        "SELECT min(query), count(*) FROM feedback WHERE rating = 'down' AND received_at >= $1 AND $2 \
         GROUP BY query_folded ORDER BY count(*) DESC, query_folded LIMIT $3",
        (SqlTimestamp(since).into_sql::<Instant>(), dialect::WITHIN_TIMEOUT, limit.into_sql::<BigInt>()),
    );
    let frequent: Vec<(String, i64)> = frequent.load(conn).await?;
    let by_search_mode = counts(conn, since).await?;
    let unreviewed: i64 = feedback::table
        .filter(feedback::received_at.ge(SqlTimestamp(since)))
        .filter(feedback::rating.eq(Thumb::Down.into_str()))
        .filter(feedback::reviewed_at.is_null())
        .filter(PreparedSql::<_, Bool>::new(dialect::WITHIN_TIMEOUT.0, ()))
        .count()
        .get_result(conn)
        .await?;
    Ok(Patterns {
        frequent_queries: frequent.into_iter().map(|(query, count)| (query, unsigned(count))).collect(),
        total_negative: by_search_mode.iter().map(|it| it.negative).sum(),
        by_search_mode,
        total_unreviewed: unsigned(unreviewed),
    })
}

async fn by_day(conn: &mut Conn, since: Timestamp) -> DbResult<Vec<DayCount>> {
    let by_day: PreparedSql<_, (Integer, BigInt, BigInt)> =
        PreparedSql::new(dialect::FEEDBACK_BY_DAY, (SqlTimestamp(since).into_sql::<Instant>(),));
    let rows: Vec<(i32, i64, i64)> = by_day.load(conn).await?;
    let count =
        |(day, up, down)| DayCount { day: Day(day), positive: unsigned(up), negative: unsigned(down) };
    Ok(rows.into_iter().map(count).collect())
}

async fn negative_after(
    conn: &mut Conn,
    (since, after, limit): (Timestamp, i64, i64),
) -> DbResult<Vec<(i64, Feedback)>> {
    let rows: Vec<FeedbackRow> = feedback::table
        .filter(feedback::rating.eq(Thumb::Down.into_str()))
        .filter(feedback::received_at.ge(SqlTimestamp(since)))
        .filter(feedback::id.gt(after))
        .order_by(feedback::id)
        .limit(limit)
        .select(FeedbackRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(|row| Ok((row.id, row.feedback()?))).collect()
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
