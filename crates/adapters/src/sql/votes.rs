//! Votes. Every write is a batch, of one request or of many: the rows it concerns are locked and read, the
//! domain's pure functions are applied to them in order, and what differs is written back.

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::alongside::{Alongside, AuditEntry, Receipt, Written};
use myashes_domain::builds::Tally;
use myashes_domain::ids::BuildId;
use myashes_domain::page::PageRequest;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::Caller;
use myashes_domain::votes::{Change, Present, Rating, Vote, VoteRepository, VoteRequest, VoteView};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::rows::{VoteRow, rating};
use super::standing::{Standing, SubjectRow, subject};
use super::{Conn, Db, dialect};
use crate::batcher::Batcher;
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, votes};

pub struct Votes {
    db: Db,
    batches: Batcher<VoteRequest, VoteView>,
}

impl Votes {
    pub fn new(db: Db) -> Self {
        let of_batches = db.clone();
        let batches = Batcher::start(
            &db.runtime,
            dialect::VOTE_LANES,
            db.patience,
            move |requests: Vec<VoteRequest>| {
                let db = of_batches.clone();
                async move { dialect::vote_batch(&db, requests).await }
            },
        );
        Self { db, batches }
    }
}

#[async_trait]
impl VoteRepository for Votes {
    async fn vote(
        &self,
        request: VoteRequest,
        receipt: Option<Receipt<VoteView>>,
    ) -> Result<Written<VoteView>> {
        let Some(receipt) = receipt else {
            return Ok(Written::Now(self.batches.submit(request).await?));
        };
        // A receipt wants a transaction of its own.
        let (missing, ranking) = (request.build.to_string(), self.db.ranking);
        let work = job(move |conn| {
            boxed(async move {
                let answer = carry_out(conn, std::slice::from_ref(&request), &ranking).await?.pop();
                answer.transpose().map_err(Into::into)
            })
        });
        self.db.write(Some(receipt).into(), work).await?.ok_or(Error::BuildNotFound(missing))
    }

    async fn view(&self, build: &BuildId, caller: &Caller) -> Result<Option<VoteView>> {
        let args = (build.clone(), caller.clone());
        self.db.read(args, |conn, (build, caller)| boxed(view(conn, build, caller))).await
    }

    async fn ratings(&self, builds: &[BuildId], caller: &Caller) -> Result<Vec<(BuildId, Rating)>> {
        let args = (builds.to_vec(), caller.clone());
        self.db.read(args, |conn, (builds, caller)| boxed(ratings(conn, builds, caller))).await
    }

    async fn of_build(&self, build: &BuildId, page: PageRequest) -> Result<Option<(Vec<Vote>, u64)>> {
        self.db.read((build.clone(), page), |conn, (build, page)| boxed(of_build(conn, build, page))).await
    }

    async fn remove(&self, build: &BuildId, vote: i64, audit: AuditEntry) -> Result<Option<()>> {
        let (build, ranking) = (build.clone(), self.db.ranking);
        let work = job(move |conn| {
            boxed(async move {
                let Some(row) = row_of(conn, &build).await? else { return Ok(None) };
                let mut standing = Standing::lock(conn, &[row]).await?;
                let found: Option<VoteRow> = votes::table
                    .find(vote)
                    .filter(votes::build.eq(row))
                    .select(VoteRow::as_select())
                    .first(conn)
                    .await
                    .optional()?;
                let Some(found) = found else { return Ok(None) };
                standing.read_days(conn).await?;
                standing.apply(row, &Change::Delete(found.vote()?), &ranking);
                standing.store(conn).await?;
                Ok(Some(()))
            })
        });
        Ok(self.db.write(Alongside::audit(audit), work).await?.and_then(Written::now))
    }
}

/// Carries out requests in their order, in the transaction of the connection. Each has its own answer; one
/// that is refused leaves nothing behind and disturbs no other.
pub async fn carry_out(
    conn: &mut Conn,
    requests: &[VoteRequest],
    ranking: &Ranking,
) -> DbResult<Vec<Result<VoteView>>> {
    let mut standing = Standing::of_requests(conn, requests).await?;
    let answers = standing.answer(conn, requests, ranking).await?;
    standing.store(conn).await?;
    Ok(answers)
}

/// The row of a build.
pub async fn row_of(conn: &mut Conn, build: &BuildId) -> DbResult<Option<i64>> {
    let row = builds::table.filter(builds::build_id.eq(build.as_str())).select(builds::id).first(conn).await;
    Ok(row.optional()?)
}

async fn view(conn: &mut Conn, build: BuildId, caller: Caller) -> DbResult<Option<VoteView>> {
    let caller = &caller;
    let found: Option<SubjectRow> = builds::table
        .filter(builds::build_id.eq(build.as_str()))
        .select((builds::id, builds::build_id, builds::visibility, builds::session, builds::player_id))
        .first(conn)
        .await
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let (_, (row, subject)) = subject(found)?;
    if !subject.visible_to(caller) {
        return Ok(None);
    }
    let tally: Option<(i64, i64)> = build_ranks::table
        .find(row)
        .select((build_ranks::vote_count, build_ranks::rating_sum))
        .first(conn)
        .await
        .optional()?;
    let Some((vote_count, rating_sum)) = tally else { return Ok(None) };
    let mut present = vec![];
    for found in dialect::present_votes(conn, &[(&build, caller)]).await? {
        present.push(found.vote()?);
    }
    let your_rating = Present::among(present.iter(), caller).own().map(|vote| vote.rating);
    Ok(Some(VoteView { build, your_rating, tally: Tally { vote_count, rating_sum } }))
}

async fn ratings(conn: &mut Conn, ids: Vec<BuildId>, caller: Caller) -> DbResult<Vec<(BuildId, Rating)>> {
    type Row = (String, i16, Option<String>);
    let rows = || {
        votes::table
            .inner_join(builds::table)
            .filter(builds::build_id.eq_any(ids.iter().map(BuildId::as_str).collect::<Vec<_>>()))
            .select((builds::build_id, votes::rating, votes::player_id))
    };
    let unclaimed: Vec<Row> = rows()
        .filter(votes::session.eq(caller.session.0.as_slice()))
        .filter(votes::player_id.is_null())
        .load(conn)
        .await?;
    let mut own: BTreeMap<String, i16> = unclaimed.into_iter().map(|(id, stars, _)| (id, stars)).collect();
    if let Some(player) = caller.player_id() {
        let claimed: Vec<Row> = rows().filter(votes::player_id.eq(player)).load(conn).await?;
        own.extend(claimed.into_iter().map(|(id, stars, _)| (id, stars)));
    }
    own.into_iter().map(|(id, stars)| Ok((BuildId::stored(id), rating(stars)?))).collect()
}

async fn of_build(conn: &mut Conn, build: BuildId, page: PageRequest) -> DbResult<Option<(Vec<Vote>, u64)>> {
    let Some(row) = row_of(conn, &build).await? else { return Ok(None) };
    let total: i64 = build_ranks::table.find(row).select(build_ranks::vote_count).first(conn).await?;
    let found: Vec<VoteRow> = votes::table
        .filter(votes::build.eq(row))
        .order_by(votes::id.desc())
        .limit(i64::from(page.limit))
        .offset(i64::try_from(page.offset()).unwrap_or(i64::MAX))
        .select(VoteRow::as_select())
        .load(conn)
        .await?;
    let votes: Result<Vec<Vote>> = found.into_iter().map(VoteRow::vote).collect();
    Ok(Some((votes?, u64::try_from(total).unwrap_or(0))))
}
