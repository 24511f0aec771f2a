//! Votes. Every write is a batch, of one request or of many: the rows it concerns are locked and read, the
//! domain's pure functions are applied to them in order, and what differs is written back.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::alongside::{Alongside, AuditEntry, Receipt, Written};
use myashes_domain::builds::{Owner, Tally};
use myashes_domain::clock::Day;
use myashes_domain::ids::BuildId;
use myashes_domain::page::PageRequest;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::{
    Change, DayTally, Present, Rating, Scores, Subject, Vote, VoteAction, VoteRepository, VoteRequest,
    VoteView,
};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::rows::{RankRow, VoteRow, rating, visibility};
use super::{Conn, Db, dialect};
use crate::batcher::Batcher;
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, vote_days, votes};
use crate::sql::types::hash32;

/// How many batches of votes are under way at once: one is carried out while the other commits.
const LANES: usize = 2;

pub struct Votes {
    db: Db,
    batches: Batcher<VoteRequest, VoteView>,
}

impl Votes {
    pub fn new(db: Db) -> Self {
        let of_batches = db.clone();
        let batches = Batcher::start(&db.runtime, LANES, move |requests: Vec<VoteRequest>| {
            let db = of_batches.clone();
            async move {
                let ranking = db.ranking;
                let work = job(move |conn| {
                    boxed(async move { carry_out(conn, &requests, &ranking).await.map(Some) })
                });
                db.write_plain(work).await?.ok_or_else(|| Error::internal("a batch of votes came to nothing"))
            }
        });
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
    let mut ids: Vec<&str> = requests.iter().map(|request| request.build.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let (subjects, mut standing) = Standing::of_builds(conn, &ids).await?;
    standing.read_votes(conn, requests, &subjects).await?;
    if requests.iter().any(|request| request.action == VoteAction::Withdraw) {
        standing.read_days(conn).await?;
    }
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.push(match subjects.get(request.build.as_str()) {
            Some((row, subject)) => standing.decide(*row, subject, request, ranking),
            None => Err(Error::BuildNotFound(request.build.to_string())),
        });
    }
    standing.store(conn).await?;
    Ok(answers)
}

/// A build's row, its public id, and what decides who sees it.
pub type SubjectRow = (i64, String, String, Option<Vec<u8>>, Option<String>);

type Subjects = HashMap<String, (i64, Subject)>;

fn subject((row, id, seen_by, session, player_id): SubjectRow) -> Result<(String, (i64, Subject))> {
    let session = session.as_deref().map(|hash| SessionHash(hash32(hash)));
    let owner = Owner { session, player_id, ..Owner::default() };
    Ok((id, (row, Subject { visibility: visibility(&seen_by)?, owner })))
}

/// Builds whose narrow rows are locked, the votes that concern the callers of a batch, and what has changed.
pub struct Standing {
    scores: BTreeMap<i64, (Scores, bool)>,
    days: BTreeMap<(i64, Day), DayTally>,
    changed_days: BTreeMap<(i64, Day), DayTally>,
    votes: HashMap<i64, Vec<Vote>>,
    inserted: BTreeMap<(i64, SessionHash), Vote>,
    updated: BTreeMap<(i64, SessionHash), Vote>,
    deleted: Vec<(i64, SessionHash)>,
}

impl Standing {
    /// Locks the narrow rows of builds by their public ids. A build that was deleted while its lock was waited
    /// for is not among them.
    async fn of_builds(conn: &mut Conn, ids: &[&str]) -> DbResult<(Subjects, Self)> {
        let mut subjects = HashMap::with_capacity(ids.len());
        let mut locked = Vec::with_capacity(ids.len());
        for (row, rank) in dialect::lock_subjects(conn, ids).await? {
            locked.push((row.0, rank));
            let (id, seen) = subject(row)?;
            subjects.insert(id, seen);
        }
        Ok((subjects, Self::over(locked)))
    }

    /// Locks the narrow rows of builds, in the order of their numbers.
    pub async fn lock(conn: &mut Conn, rows: &[i64]) -> DbResult<Self> {
        Ok(Self::over(dialect::lock_ranks(conn, rows).await?))
    }

    fn over(locked: Vec<(i64, RankRow)>) -> Self {
        let scores = locked.into_iter().map(|(row, rank)| {
            (row, (Scores { tally: rank.tally(), bayesian: rank.bayesian, trend: rank.trend }, false))
        });
        Self {
            scores: scores.collect(),
            days: BTreeMap::new(),
            changed_days: BTreeMap::new(),
            votes: HashMap::new(),
            inserted: BTreeMap::new(),
            updated: BTreeMap::new(),
            deleted: vec![],
        }
    }

    async fn read_votes(
        &mut self,
        conn: &mut Conn,
        requests: &[VoteRequest],
        subjects: &Subjects,
    ) -> DbResult<()> {
        let row = |request: &VoteRequest| subjects.get(request.build.as_str()).map(|(row, _)| *row);
        let sessions: Vec<_> = requests.iter().filter_map(|it| Some((row(it)?, it.caller.session))).collect();
        let players: Vec<_> =
            requests.iter().filter_map(|it| Some((row(it)?, it.caller.player_id()?.to_owned()))).collect();
        for found in dialect::present_votes(conn, &sessions, &players).await? {
            let of_build = self.votes.entry(found.build).or_default();
            let vote = found.vote()?;
            if !of_build.contains(&vote) {
                of_build.push(vote);
            }
        }
        Ok(())
    }

    /// Reads the days of all locked builds; needed before a vote is taken back.
    pub async fn read_days(&mut self, conn: &mut Conn) -> DbResult<()> {
        let rows: Vec<i64> = self.scores.keys().copied().collect();
        let found: Vec<(i64, i32, i64, i64, i64)> =
            vote_days::table.filter(vote_days::build.eq_any(rows)).load(conn).await?;
        self.days = found
            .into_iter()
            .map(|(build, day, votes, rating_sum, weight)| {
                ((build, Day(day)), DayTally { votes, rating_sum, weight })
            })
            .collect();
        Ok(())
    }

    fn decide(
        &mut self,
        row: i64,
        subject: &Subject,
        request: &VoteRequest,
        ranking: &Ranking,
    ) -> Result<VoteView> {
        subject.check_visible(&request.caller, &request.build)?;
        let present = Present::among(self.votes.entry(row).or_default().iter(), &request.caller);
        let change = present.decide(request.action, &request.caller, request.at)?;
        self.apply(row, &change, ranking);
        let your_rating = match &change {
            Change::Insert(vote) | Change::Update { after: vote, .. } => Some(vote.rating),
            Change::Delete(_) | Change::Nothing => None,
        };
        let tally = self.scores.get(&row).map(|(scores, _)| scores.tally).unwrap_or_default();
        Ok(VoteView { build: request.build.clone(), your_rating, tally })
    }

    /// Applies one change to what is held here.
    pub fn apply(&mut self, row: i64, change: &Change, ranking: &Ranking) {
        let Some((scores, touched)) = self.scores.get_mut(&row) else { return };
        let of_build = self.votes.entry(row).or_default();
        let mut day = |vote: &Vote, change: DayTally, subtract: bool| {
            let key = (row, vote.cast_at.day());
            for days in [&mut self.days, &mut self.changed_days] {
                let tally = days.entry(key).or_default();
                if subtract { tally.subtract(change) } else { tally.add(change) }
            }
        };
        match change {
            Change::Nothing => return,
            Change::Insert(vote) => {
                scores.add(vote.rating, vote.cast_at, ranking);
                day(vote, DayTally::of(vote.rating, vote.cast_at, ranking), false);
                of_build.push(vote.clone());
                self.inserted.insert((row, vote.session), vote.clone());
            }
            Change::Update { before, after } => {
                scores.replace(before.rating, after.rating, ranking);
                let rating_sum = after.rating.stars() - before.rating.stars();
                day(after, DayTally { votes: 0, rating_sum, weight: 0 }, false);
                of_build.retain(|vote| vote.session != before.session);
                of_build.push(after.clone());
                let key = (row, after.session);
                if let Some(new) = self.inserted.get_mut(&key) {
                    *new = after.clone();
                } else {
                    self.updated.insert(key, after.clone());
                }
            }
            Change::Delete(vote) => {
                day(vote, DayTally::of(vote.rating, vote.cast_at, ranking), true);
                let days = self.days.range((row, Day(i32::MIN))..=(row, Day(i32::MAX)));
                let days = days.filter(|(_, tally)| tally.votes > 0).map(|((_, day), tally)| (*day, *tally));
                scores.remove(vote.rating, &days.collect(), ranking);
                of_build.retain(|present| present.session != vote.session);
                let key = (row, vote.session);
                self.updated.remove(&key);
                if self.inserted.remove(&key).is_none() {
                    self.deleted.push(key);
                }
            }
        }
        *touched = true;
    }

    /// Writes back what differs. Votes that go are removed first, since a new one may take their place.
    pub async fn store(self, conn: &mut Conn) -> DbResult<()> {
        for (row, session) in &self.deleted {
            let vote =
                votes::table.filter(votes::build.eq(row)).filter(votes::session.eq(session.0.as_slice()));
            diesel::delete(vote).execute(conn).await?;
        }
        for ((row, session), vote) in &self.updated {
            let stored =
                votes::table.filter(votes::build.eq(row)).filter(votes::session.eq(session.0.as_slice()));
            diesel::update(stored)
                .set((
                    votes::rating.eq(i16::try_from(vote.rating.stars()).unwrap_or_default()),
                    votes::player_id.eq(&vote.player_id),
                ))
                .execute(conn)
                .await?;
        }
        let inserted: Vec<_> = self.inserted.iter().map(|((row, _), vote)| (*row, vote)).collect();
        let changed = self.scores.iter().filter(|(_, (_, touched))| *touched);
        let changed: Vec<_> = changed.map(|(row, (scores, _))| (*row, scores)).collect();
        let days: Vec<_> =
            self.changed_days.iter().map(|((row, day), change)| (*row, *day, *change)).collect();
        if !changed.is_empty() {
            dialect::store_votes(conn, &inserted, &changed, &days).await?;
        }
        if !self.deleted.is_empty() {
            let emptied = vote_days::table
                .filter(vote_days::build.eq_any(self.scores.keys().copied().collect::<Vec<_>>()))
                .filter(vote_days::votes.le(0));
            diesel::delete(emptied).execute(conn).await?;
        }
        Ok(())
    }
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
    let players: Vec<_> = caller.player_id().map(|player| (row, player.to_owned())).into_iter().collect();
    let mut present = vec![];
    for found in dialect::present_votes(conn, &[(row, caller.session)], &players).await? {
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
