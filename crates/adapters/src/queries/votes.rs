//! Votes. Every write is a batch, of one request or of many: the rows it concerns are locked and read, the
//! domain's pure functions are applied to them in order, and what differs is written back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use myashes_domain::builds::Tally;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{ListPage, ListRequest, PageRequest, SortKey};
use myashes_domain::ranking::Ranking;
use myashes_domain::session::Caller;
use myashes_domain::votes::{
    Change, OwnVote, Rating, RemovalAudit, Vote, VoteFilter, VoteRepository, VoteRequest, VoteView,
};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{self, boxed, job};
use super::order::PageWindow;
use super::rows::{VoteRow, row_of};
use super::vote_batch::{Locking, VoteBatch};
use super::{Backend, Conn, Db, dialect, moderation, own_votes, vote_removal};
use crate::batcher::{Batcher, Turn};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, votes};
use crate::sql::types::within;

/// For how long votes on a build that was found locked go to the batches of such builds.
const LOCKED_FOR: Duration = Duration::from_secs(1);

/// The most builds remembered as locked.
const MAX_LOCKED: u64 = 10_000;

/// A queue of requests; `None` answers one whose build is locked by another transaction.
type Queue = Batcher<VoteRequest, Option<VoteView>>;

pub struct Votes {
    db: Db,
    batches: Queue,
    /// Votes on builds that are locked for longer than a commit takes, so that only those wait for the lock.
    on_locked: Queue,
    locked: moka::sync::Cache<BuildId, ()>,
}

impl Votes {
    pub fn new(db: Db) -> Self {
        let locked = moka::sync::Cache::builder().max_capacity(MAX_LOCKED).time_to_live(LOCKED_FOR).build();
        Self {
            batches: queue(&db, dialect::VOTE_LANES, |db, requests, turn| {
                Box::pin(execute(db, requests, turn))
            }),
            on_locked: queue(&db, 1, |db, requests, _| Box::pin(execute_by_build(db, requests))),
            locked,
            db,
        }
    }

    /// Carries out one request in a batch with others. One whose build is locked is tried again by itself.
    async fn submit(&self, request: VoteRequest) -> Result<VoteView> {
        if !self.locked.contains_key(&request.build) {
            if let Some(view) = self.batches.submit(request.clone()).await? {
                return Ok(view);
            }
            self.locked.insert(request.build.clone(), ());
        }
        let deadline = Instant::now() + self.db.call_timeout;
        let mut attempt = 1;
        while Instant::now() < deadline {
            if let Some(view) = self.on_locked.submit(request.clone()).await? {
                return Ok(view);
            }
            metrics::counter!(db::RETRIES).increment(1);
            tokio::time::sleep(db::backoff(attempt)).await;
            attempt += 1;
        }
        Err(Error::unavailable("the build was locked for too long"))
    }
}

type Execute = fn(Db, Vec<VoteRequest>, Turn) -> BoxFuture<'static, Result<Vec<Result<Option<VoteView>>>>>;

fn queue(db: &Db, lanes: usize, execute: Execute) -> Queue {
    let of_batches = db.clone();
    Batcher::start(&db.runtime, lanes, db.call_timeout, move |requests, turn| {
        execute(of_batches.clone(), requests, turn)
    })
}

/// Invalidates the builds of a batch when it has ended.
fn invalidate_scores(db: &Db, requests: &[VoteRequest]) -> impl Drop + Send + use<> {
    let builds = requests.iter().map(|it| it.build.clone()).collect();
    db.invalidate_on_drop(Invalidation::Scores(builds))
}

/// Carries out a batch. Where it meets another transaction it is tried again without the builds that are locked.
async fn execute(
    db: Db,
    requests: Vec<VoteRequest>,
    mut turn: Turn,
) -> Result<Vec<Result<Option<VoteView>>>> {
    let _invalidates = invalidate_scores(&db, &requests);
    let mut locking = Locking::Wait;
    for attempt in 1..db::MAX_ATTEMPTS {
        match dialect::vote_batch(&db, requests.clone(), locking, std::mem::take(&mut turn)).await {
            Err(error) if error.is_transient() => {
                tracing::debug!(?error, attempt, "a batch of votes is tried again");
                metrics::counter!(db::RETRIES).increment(1);
                if locking == Locking::Skip {
                    tokio::time::sleep(db::backoff(attempt)).await;
                }
                locking = Locking::Skip;
            }
            result => return result.map_err(Error::from),
        }
    }
    dialect::vote_batch(&db, requests, locking, turn).await.map_err(Error::from)
}

/// Carries out requests build by build, each in a transaction of its own, so that none waits for another's lock
/// longer than for one attempt.
async fn execute_by_build(db: Db, requests: Vec<VoteRequest>) -> Result<Vec<Result<Option<VoteView>>>> {
    let _invalidates = invalidate_scores(&db, &requests);
    let mut by_build: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, request) in requests.iter().enumerate() {
        by_build.entry(request.build.to_string()).or_default().push(position);
    }
    let mut answers: Vec<Result<Option<VoteView>>> = vec![Ok(None); requests.len()];
    for positions in by_build.into_values() {
        let of_build = positions.iter().map(|position| requests[*position].clone()).collect();
        match dialect::vote_batch(&db, of_build, Locking::Wait, Turn::default()).await {
            Ok(of_build) => {
                for (position, answer) in positions.into_iter().zip(of_build) {
                    answers[position] = answer;
                }
            }
            Err(error) if error.is_transient() => {}
            Err(error) => {
                let error = Error::from(error);
                positions.into_iter().for_each(|position| answers[position] = Err(error.clone()));
            }
        }
    }
    Ok(answers)
}

#[async_trait]
impl VoteRepository for Votes {
    async fn vote(
        &self,
        request: VoteRequest,
        idempotency: Option<IdempotencyRecord<VoteView>>,
    ) -> Result<WriteOutcome<VoteView>> {
        let Some(idempotency) = idempotency else {
            return Ok(WriteOutcome::Executed(self.submit(request).await?));
        };
        // A write with an idempotency key has a transaction of its own.
        let ranking = self.db.ranking;
        let changed = Invalidation::Scores(vec![request.build.clone()]);
        let work = job(move |conn| {
            boxed(async move {
                let answer = execute_batch(conn, std::slice::from_ref(&request), &ranking).await?.pop();
                Ok(answer.unwrap_or_else(|| Err(Error::internal("a vote has no result")))?)
            })
        });
        self.db.write(changed, Some(idempotency).into(), work).await
    }

    async fn view(&self, build: &BuildId, caller: &Caller) -> Result<Option<VoteView>> {
        let args = (build.clone(), caller.clone());
        self.db.read(args, |conn, args| boxed(own_votes::view(conn, args))).await
    }

    async fn ratings(&self, builds: &[BuildId], caller: &Caller) -> Result<Vec<(BuildId, Rating)>> {
        let args = (builds.to_vec(), caller.clone());
        self.db.read(args, |conn, args| boxed(own_votes::ratings(conn, args))).await
    }

    async fn of_caller(&self, caller: &Caller, page: PageRequest) -> Result<Vec<(OwnVote, SortKey)>> {
        self.db.read((caller.clone(), page), |conn, args| boxed(own_votes::of_caller(conn, args))).await
    }

    async fn of_build(&self, build: &BuildId, request: ListRequest) -> Result<Option<ListPage<Vote>>> {
        let args = (build.clone(), request);
        self.db.read(args, |conn, (build, request)| boxed(of_build(conn, build, request))).await
    }

    async fn remove(&self, build: &BuildId, vote: i64, audit: AuditEntry) -> Result<()> {
        let (build, ranking) = (build.clone(), self.db.ranking);
        let changed = Invalidation::Scores(vec![build.clone()]);
        let work = job(move |conn| {
            boxed(async move {
                let row = row_of(conn, &build).await?.ok_or(Error::NotFound)?;
                let mut batch = VoteBatch::lock(conn, &[row], Locking::Wait).await?;
                let found: Option<VoteRow> = votes::table
                    .find(vote)
                    .filter(votes::build.eq(row))
                    .select(VoteRow::as_select())
                    .first(conn)
                    .await
                    .optional()?;
                let found = found.ok_or(Error::NotFound)?;
                batch.read_days(conn, &BTreeSet::from([row])).await?;
                batch.apply(row, &[Change::Delete(found.vote()?)], &ranking);
                batch.store(conn).await
            })
        });
        self.db.write_audited(changed, audit, work).await
    }

    async fn remove_matching(
        &self,
        build: &BuildId,
        filter: VoteFilter,
        audit: RemovalAudit,
    ) -> Result<Tally> {
        let (build, ranking) = (build.clone(), self.db.ranking);
        let changed = Invalidation::Scores(vec![build.clone()]);
        let work = job(move |conn| {
            boxed(async move {
                let removed = vote_removal::remove_matching(conn, &build, &filter, &ranking).await?;
                let removed = removed.ok_or_else(|| Error::BuildNotFound(build.to_string()))?;
                moderation::log(conn, &audit(&removed)).await?;
                Ok(removed)
            })
        });
        self.db.write_plain(changed, work).await
    }

    async fn count_matching(&self, build: &BuildId, filter: VoteFilter) -> Result<Option<Tally>> {
        let args = (build.clone(), filter);
        self.db.read(args, |conn, args| boxed(vote_removal::count_matching(conn, args))).await
    }
}

/// Carries out requests in their order, in the transaction of the connection. Each has its own answer; one
/// that is refused leaves nothing behind and disturbs no other.
pub async fn execute_batch(
    conn: &mut Conn,
    requests: &[VoteRequest],
    ranking: &Ranking,
) -> DbResult<Vec<Result<VoteView>>> {
    let mut batch = VoteBatch::of_requests(conn, requests).await?;
    let answers = batch.answer(conn, requests, ranking).await?;
    batch.store(conn).await?;
    Ok(answers)
}

async fn of_build(conn: &mut Conn, build: BuildId, request: ListRequest) -> DbResult<Option<ListPage<Vote>>> {
    let Some(row) = row_of(conn, &build).await? else { return Ok(None) };
    let total: Option<i64> =
        build_ranks::table.find(row).select(build_ranks::vote_count).first(conn).await.optional()?;
    // The build may have been deleted since its row number was read.
    let Some(mut total) = total else { return Ok(None) };
    let filtered = || {
        let query = votes::table.filter(votes::build.eq(row)).into_boxed::<Backend>();
        within!(query, votes::cast_at, request)
    };
    if request.from.is_some() || request.until.is_some() {
        total = filtered().count().get_result(conn).await?;
    }
    let window = PageWindow::of(request.page);
    let mut query = filtered();
    if let Some(key) = window.after {
        query = query.filter(votes::id.lt(key.row));
    }
    let found: Vec<VoteRow> = query
        .order_by(votes::id.desc())
        .limit(window.take)
        .offset(window.skip)
        .select(VoteRow::as_select())
        .load(conn)
        .await?;
    let votes: Result<Vec<(Vote, SortKey)>> = found
        .into_iter()
        .map(|row| {
            let key = SortKey { rank: 0.0, created: row.cast_at.0.micros(), row: row.id };
            Ok((row.vote()?, key))
        })
        .collect();
    Ok(Some(ListPage::from_rows(votes?, request.page.limit, total)))
}
