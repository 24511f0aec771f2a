//! Searches: the events, and their roll-up by day, mode, folded query and spelling.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::analytics::{
    AddressKey, AnalyticsRepository, CandidateRequest, HiddenQuery, PopularQuery, PopularRequest,
    SearchDayCount, SearchRecord, ZeroResult, count_key,
};
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::look_alike::look_alike_keys;
use myashes_domain::page::{ListPage, ListRequest, PageRequest, SortKey};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::order::{PageWindow, created};
use super::popular_queries::{
    HiddenKeys, candidates, drop_candidate, outdated_days, popular, store_candidates,
};
use super::rows::stored;
use super::{Backend, Conn, Db, dialect};
use crate::batcher::Batcher;
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{hidden_queries, search_address_keys, search_days};
use crate::sql::types::{SqlTimestamp, hash32, text_key, within};

/// How many queries are ranked at once: all that may be asked for, and some that may be hidden by now.
const RANKED: u32 = 60;

pub struct Analytics {
    db: Db,
    batches: Batcher<SearchRecord, ()>,
}

impl Analytics {
    pub fn new(db: Db) -> Self {
        let of_batches = db.clone();
        let batches = Batcher::start(
            &db.runtime,
            dialect::SEARCH_LANES,
            db.call_timeout,
            move |records: Vec<SearchRecord>, turn| {
                drop(turn);
                let db = of_batches.clone();
                async move {
                    let _invalidates = db.invalidate_on_drop(Invalidation::Searches);
                    let recorded = records.len();
                    dialect::record_batch(&db, records).await?;
                    Ok((0..recorded).map(|_| Ok(())).collect())
                }
            },
        );
        Self { db, batches }
    }

    /// Collects the candidates of one day anew. They are found without a lock on anything, then stored.
    async fn collect_candidates(&self, day: Day, request: CandidateRequest) -> Result<()> {
        let args = (day, request.min_callers);
        let found = self.db.read_in_background(args, |conn, args| boxed(candidates(conn, args))).await?;
        let work =
            job(move |conn| boxed(async move { store_candidates(conn, day, &found, request.at).await }));
        self.db.write_plain(Invalidation::None, work).await.map(drop)
    }
}

/// Once an hour the candidates of months are collected. The process rests for so many times as long as each day takes,
/// since it serves requests meanwhile.
const REST: u32 = 2;

/// After so long a round ends, since its first days are outdated again. The next one goes on.
const ROUND: Duration = Duration::from_secs(20);

#[async_trait]
impl AnalyticsRepository for Analytics {
    async fn record(
        &self,
        search: SearchRecord,
        idempotency: Option<IdempotencyRecord<()>>,
    ) -> Result<WriteOutcome<()>> {
        let Some(idempotency) = idempotency else {
            return Ok(WriteOutcome::Executed(self.batches.submit(search).await?));
        };
        // A write with an idempotency key has a transaction of its own.
        let settled = self.db.caches.analytics.saturated.clone();
        let work = job(move |conn| {
            boxed(async move {
                dialect::record_searches(conn, std::slice::from_ref(&search), &settled).await.map(drop)
            })
        });
        self.db.write(Invalidation::Searches, Some(idempotency).into(), work).await
    }

    async fn address_key(&self, day: Day, fresh: AddressKey) -> Result<AddressKey> {
        let work = job(move |conn| boxed(async move { address_key(conn, day, fresh).await }));
        self.db.write_plain(Invalidation::None, work).await
    }

    async fn popular(&self, request: PopularRequest) -> Result<Vec<PopularQuery>> {
        let caches = &self.db.caches.analytics;
        let wide = PopularRequest { limit: request.limit.max(RANKED), ..request };
        let db = self.db.clone();
        let find = async move {
            let found = db.read_report(wide, |conn, request| boxed(popular(conn, request))).await?;
            Ok(Arc::new(found.into_iter().map(|it| (look_alike_keys(&it.query), it)).collect::<Vec<_>>()))
        };
        let found = caches.popular.get(wide, find).await?;
        let db = self.db.clone();
        let find = async move {
            let HiddenKeys(keys) = db.read((), |conn, ()| boxed(HiddenKeys::load(conn))).await?;
            Ok(Arc::new(keys))
        };
        let hidden = caches.hidden.get((), find).await?;
        let shown = found.iter().filter(|(keys, _)| !keys.iter().any(|key| hidden.contains(key)));
        Ok(shown.map(|(_, query)| query).take(request.limit as usize).cloned().collect())
    }

    async fn refresh_candidates(&self, request: CandidateRequest) -> Result<bool> {
        let outdated = self.db.read_report(request, |conn, request| boxed(outdated_days(conn, request)));
        let Some(outdated) = outdated.await? else { return Ok(false) };
        let round = Instant::now();
        for day in outdated {
            let began = Instant::now();
            self.collect_candidates(day, request).await?;
            tokio::time::sleep(began.elapsed() * REST).await;
            if round.elapsed() > ROUND {
                break;
            }
        }
        Ok(true)
    }

    async fn zero_results(&self, first: Day, last: Day, page: PageRequest) -> Result<ListPage<ZeroResult>> {
        self.db.read_report((first, last, page), |conn, args| boxed(zero_results(conn, args))).await
    }

    async fn by_day(&self, since: Day) -> Result<Vec<SearchDayCount>> {
        self.db.read_report(since, |conn, since| boxed(by_day(conn, since))).await
    }

    async fn hidden_page(&self, request: ListRequest) -> Result<ListPage<HiddenQuery>> {
        self.db.read(request, |conn, request| boxed(hidden_page(conn, request))).await
    }

    async fn hide(
        &self,
        folded: &str,
        at: Timestamp,
        options: WriteOptions<HiddenQuery>,
    ) -> Result<WriteOutcome<HiddenQuery>> {
        let query = folded.to_owned();
        let work = job(move |conn| boxed(async move { hide(conn, query, at).await }));
        self.db.write(Invalidation::HiddenQueries, options, work).await
    }

    async fn unhide(&self, folded: &str, audit: AuditEntry) -> Result<()> {
        let key = text_key(folded);
        let work = job(move |conn| {
            boxed(async move {
                match diesel::delete(hidden_queries::table.find(key)).execute(conn).await? {
                    0 => Err(Error::NotFound.into()),
                    _ => Ok(()),
                }
            })
        });
        self.db.write_audited(Invalidation::HiddenQueries, audit, work).await
    }
}

/// The key of a day, which the first one who needs it stores.
async fn address_key(conn: &mut Conn, day: Day, fresh: AddressKey) -> DbResult<AddressKey> {
    diesel::insert_into(search_address_keys::table)
        .values((search_address_keys::day.eq(day.0), search_address_keys::key.eq(&fresh.0[..])))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let key: Vec<u8> =
        search_address_keys::table.find(day.0).select(search_address_keys::key).first(conn).await?;
    Ok(AddressKey(hash32(&key)))
}

/// The most frequent spelling of a query; `None` when it was deleted meanwhile.
async fn spelling(
    conn: &mut Conn,
    (since, last): (Day, Day),
    mode: &str,
    key: &[u8],
) -> DbResult<Option<String>> {
    let spelling: PreparedSql<_, Text> = PreparedSql::new(
        "SELECT spelling FROM search_days WHERE day >= $1 AND day <= $2 AND search_mode = $3 AND query_key = $4 GROUP \
         BY spelling ORDER BY sum(searches) DESC, spelling LIMIT 1",
        (
            since.0.into_sql::<Integer>(),
            last.0.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.into_sql::<Binary>(),
        ),
    );
    Ok(spelling.get_result(conn).await.optional()?)
}

async fn zero_results(
    conn: &mut Conn,
    (since, last, page): (Day, Day, PageRequest),
) -> DbResult<ListPage<ZeroResult>> {
    let total: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT count(*) FROM (SELECT search_mode FROM search_days WHERE day >= $1 AND day <= $2 AND $3 \
         GROUP BY search_mode, query_key HAVING sum(zero_results) > 0) AS found",
        (since.0.into_sql::<Integer>(), last.0.into_sql::<Integer>(), dialect::WITHIN_TIMEOUT),
    );
    let total: i64 = total.get_result(conn).await?;
    // Sums have no key of their own: a cursor counts the rows before it.
    let window = PageWindow::of(page);
    let skip = window.after.map_or(window.skip, |key| key.row.max(0));
    let rows: PreparedSql<_, (Text, Binary, BigInt, BigInt, Integer, Text)> = PreparedSql::new(
        "SELECT search_mode, query_key, CAST(sum(zero_results) AS bigint) AS zeros, CAST(sum(searches) AS \
         bigint), max(day), min(query_folded) FROM search_days WHERE day >= $1 AND day <= $2 AND $3 GROUP BY search_mode, \
         query_key HAVING sum(zero_results) > 0 ORDER BY zeros DESC, min(query_folded), search_mode LIMIT \
         $4 OFFSET $5",
        (
            since.0.into_sql::<Integer>(),
            last.0.into_sql::<Integer>(),
            dialect::WITHIN_TIMEOUT,
            window.take.into_sql::<BigInt>(),
            skip.into_sql::<BigInt>(),
        ),
    );
    let rows: Vec<(String, Vec<u8>, i64, i64, i32, String)> = rows.load(conn).await?;
    let mut found = Vec::with_capacity(rows.len());
    for ((mode_name, key, zeros, count, last_day, folded), row) in rows.into_iter().zip(skip + 1..) {
        let result = ZeroResult {
            query: spelling(conn, (since, last), &mode_name, &key).await?.unwrap_or(folded),
            search_mode: stored("search mode", &mode_name)?,
            zero_count: u64::try_from(zeros).unwrap_or(0),
            count: u64::try_from(count).unwrap_or(0),
            last_day: Day(last_day),
        };
        found.push((result, SortKey { rank: 0.0, created: 0, row }));
    }
    Ok(ListPage::from_rows(found, page.limit, total))
}

async fn by_day(conn: &mut Conn, since: Day) -> DbResult<Vec<SearchDayCount>> {
    let rows: PreparedSql<_, (Integer, Text, BigInt, BigInt)> = PreparedSql::new(
        "SELECT day, search_mode, CAST(sum(searches) AS bigint), CAST(sum(zero_results) AS bigint) FROM \
         search_days WHERE day >= $1 AND $2 GROUP BY day, search_mode ORDER BY day, search_mode",
        (since.0.into_sql::<Integer>(), dialect::WITHIN_TIMEOUT),
    );
    let rows: Vec<(i32, String, i64, i64)> = rows.load(conn).await?;
    rows.into_iter()
        .map(|(day, name, searches, zeros)| {
            Ok(SearchDayCount {
                day: Day(day),
                search_mode: stored("search mode", &name)?,
                searches: u64::try_from(searches).unwrap_or(0),
                zero_results: u64::try_from(zeros).unwrap_or(0),
            })
        })
        .collect()
}

/// Bytes of a query's key that a cursor holds.
const KEY_PREFIX: usize = 8;

async fn hidden_page(conn: &mut Conn, request: ListRequest) -> DbResult<ListPage<HiddenQuery>> {
    let filtered =
        || within!(hidden_queries::table.into_boxed::<Backend>(), hidden_queries::hidden_at, request);
    let total: i64 = filtered().count().get_result(conn).await?;
    let window = PageWindow::of(request.page);
    let mut query = filtered();
    if let Some(key) = window.after {
        let at = created(key)?;
        // Keys are hashes, so that their first bytes tell them apart.
        let prefix = key.row.to_be_bytes().to_vec();
        let same = hidden_queries::hidden_at.eq(at).and(hidden_queries::query_key.lt(prefix));
        query = query.filter(hidden_queries::hidden_at.lt(at).or(same));
    }
    let rows: Vec<(Vec<u8>, String, SqlTimestamp)> = query
        .order_by((hidden_queries::hidden_at.desc(), hidden_queries::query_key.desc()))
        .limit(window.take)
        .offset(window.skip)
        .select((hidden_queries::query_key, hidden_queries::query, hidden_queries::hidden_at))
        .load(conn)
        .await?;
    let rows = rows
        .into_iter()
        .map(|(key, query, at)| {
            let mut prefix = [0; KEY_PREFIX];
            prefix.iter_mut().zip(&key).for_each(|(to, from)| *to = *from);
            let key = SortKey { rank: 0.0, created: at.0.micros(), row: i64::from_be_bytes(prefix) };
            (HiddenQuery { query, hidden_at: at.0 }, key)
        })
        .collect();
    Ok(ListPage::from_rows(rows, request.page.limit, total))
}

async fn hide(conn: &mut Conn, query: String, at: Timestamp) -> DbResult<HiddenQuery> {
    let key = text_key(&query);
    diesel::insert_into(hidden_queries::table)
        .values((
            hidden_queries::query_key.eq(&key),
            hidden_queries::query.eq(&query),
            hidden_queries::hidden_at.eq(SqlTimestamp(at)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let since: SqlTimestamp =
        hidden_queries::table.find(key).select(hidden_queries::hidden_at).first(conn).await?;
    Ok(HiddenQuery { query, hidden_at: since.0 })
}

/// Takes searches out of the roll-up, one row of it at a time.
pub async fn uncount(conn: &mut Conn, day: i32, mode: &str, query: &str, zero_result: bool) -> DbResult<()> {
    let folded = count_key(query);
    let row = || search_days::table.find((day, mode, text_key(&folded), text_key(query)));
    diesel::update(row())
        .set((
            search_days::searches.eq(search_days::searches - 1),
            search_days::zero_results.eq(search_days::zero_results - i64::from(zero_result)),
        ))
        .execute(conn)
        .await?;
    let deleted = diesel::delete(row().filter(search_days::searches.le(0))).execute(conn).await?;
    if deleted > 0 {
        drop_candidate(conn, day, mode, &text_key(&folded)).await?;
    }
    Ok(())
}
