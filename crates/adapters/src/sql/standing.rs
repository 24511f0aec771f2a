//! Builds whose votes are being changed: read under lock, changed by the domain's functions, written back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Owner;
use myashes_domain::clock::Day;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::{
    Change, DayTally, Present, Scores, Subject, Vote, VoteAction, VoteRequest, VoteView,
};
use myashes_domain::{Error, Result};

use super::rows::{RankRow, VoteRow, visibility};
use super::{Conn, dialect};
use crate::sql::error::DbResult;
use crate::sql::schema::{vote_days, votes};
use crate::sql::types::hash32;

/// A build's row, its public id, and what decides who sees it.
pub type SubjectRow = (i64, String, String, Option<Vec<u8>>, Option<String>);

/// Parses such a row.
pub fn subject((row, id, seen_by, session, player_id): SubjectRow) -> Result<(String, (i64, Subject))> {
    let session = session.as_deref().map(|hash| SessionHash(hash32(hash)));
    let owner = Owner { session, player_id, ..Owner::default() };
    Ok((id, (row, Subject { visibility: visibility(&seen_by)?, owner })))
}

/// Builds whose narrow rows are locked, the votes that concern the callers of a batch, and what has changed.
#[derive(Default)]
pub struct Standing {
    /// By public id, with what decides who sees it.
    subjects: HashMap<String, (i64, Subject)>,
    scores: BTreeMap<i64, (Scores, bool)>,
    days: BTreeMap<(i64, Day), DayTally>,
    changed_days: BTreeMap<(i64, Day), DayTally>,
    votes: HashMap<i64, Vec<Vote>>,
    inserted: BTreeMap<(i64, SessionHash), Vote>,
    updated: BTreeMap<(i64, SessionHash), Vote>,
    deleted: Vec<(i64, SessionHash)>,
    /// Days of votes that were taken back, be it ones of this very batch: they may be empty now.
    lessened: BTreeSet<(i64, Day)>,
}

/// What a batch comes to, to be stored together.
pub struct Changes<'a> {
    pub votes: Vec<(i64, &'a Vote)>,
    pub scores: Vec<(i64, &'a Scores)>,
    pub days: Vec<(i64, Day, DayTally)>,
}

impl Standing {
    /// Locks the builds that requests are about, and reads what decides them. A build that was deleted while its
    /// lock was waited for is not among them.
    pub async fn of_requests(conn: &mut Conn, requests: &[VoteRequest]) -> DbResult<Self> {
        let (locked, votes) = dialect::lock_and_look(conn, requests).await?;
        Self::over(locked, votes)
    }

    /// Locks the narrow rows of builds, in the order of their numbers.
    pub async fn lock(conn: &mut Conn, rows: &[i64]) -> DbResult<Self> {
        let locked = dialect::lock_ranks(conn, rows).await?;
        Ok(Self { scores: scores(locked), ..Self::default() })
    }

    /// Over builds that are locked, and the votes that concern whoever votes on them.
    pub fn over(locked: Vec<(SubjectRow, RankRow)>, votes: Vec<VoteRow>) -> DbResult<Self> {
        let mut standing = Self::default();
        for (row, rank) in locked {
            standing.scores.extend(scores([(row.0, rank)]));
            let (id, seen) = subject(row)?;
            standing.subjects.insert(id, seen);
        }
        for found in votes {
            let of_build = standing.votes.entry(found.build).or_default();
            let vote = found.vote()?;
            if !of_build.contains(&vote) {
                of_build.push(vote);
            }
        }
        Ok(standing)
    }

    /// Decides requests in their order, and applies what each comes to. One that is refused disturbs no other.
    pub async fn answer(
        &mut self,
        conn: &mut Conn,
        requests: &[VoteRequest],
        ranking: &Ranking,
    ) -> DbResult<Vec<Result<VoteView>>> {
        if requests.iter().any(|request| request.action == VoteAction::Withdraw) {
            self.read_days(conn).await?;
        }
        Ok(requests.iter().map(|request| self.decide(request, ranking)).collect())
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

    fn decide(&mut self, request: &VoteRequest, ranking: &Ranking) -> Result<VoteView> {
        let Some((row, subject)) = self.subjects.get(request.build.as_str()) else {
            return Err(Error::BuildNotFound(request.build.to_string()));
        };
        subject.check_visible(&request.caller, &request.build)?;
        let row = *row;
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
                self.lessened.insert((row, vote.cast_at.day()));
                let key = (row, vote.session);
                self.updated.remove(&key);
                if self.inserted.remove(&key).is_none() {
                    self.deleted.push(key);
                }
            }
        }
        *touched = true;
    }

    /// Writes back what differs.
    pub async fn store(mut self, conn: &mut Conn) -> DbResult<()> {
        self.clear(conn).await?;
        match self.changes() {
            Some(changes) => dialect::store_votes(conn, &changes).await,
            None => Ok(()),
        }
    }

    /// Makes room for what is to be stored: votes that go are removed first, since a new one may take their place,
    /// and so are days on which no vote is left.
    pub async fn clear(&mut self, conn: &mut Conn) -> DbResult<()> {
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
        for (row, day) in std::mem::take(&mut self.lessened) {
            let left = self.days.get(&(row, day)).is_some_and(|tally| tally.votes > 0);
            if !left {
                self.changed_days.remove(&(row, day));
                diesel::delete(vote_days::table.find((row, day.0))).execute(conn).await?;
            }
        }
        Ok(())
    }

    /// What is to be stored after that; `None` when nothing is.
    pub fn changes(&self) -> Option<Changes<'_>> {
        let scores = self.scores.iter().filter(|(_, (_, touched))| *touched);
        let scores: Vec<_> = scores.map(|(row, (scores, _))| (*row, scores)).collect();
        let votes = self.inserted.iter().map(|((row, _), vote)| (*row, vote)).collect();
        let days = self.changed_days.iter().map(|((row, day), change)| (*row, *day, *change)).collect();
        (!scores.is_empty()).then_some(Changes { votes, scores, days })
    }
}

fn scores(locked: impl IntoIterator<Item = (i64, RankRow)>) -> BTreeMap<i64, (Scores, bool)> {
    let scores = locked.into_iter().map(|(row, rank)| {
        (row, (Scores { tally: rank.tally(), bayesian: rank.bayesian, trend: rank.trend }, false))
    });
    scores.collect()
}
