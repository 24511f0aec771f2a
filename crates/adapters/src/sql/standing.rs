//! Builds whose votes are being changed: read under lock, changed by the domain's functions, written back.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::Owner;
use myashes_domain::clock::Day;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::{Change, DayTally, Present, Scores, Subject, Vote, VoteRequest, VoteView};

use super::rows::{RankRow, visibility};
use super::{Conn, dialect};
use crate::sql::error::DbResult;
use crate::sql::schema::{vote_days, votes};
use crate::sql::types::hash32;

/// A build's row, its public id, and what decides who sees it.
pub type SubjectRow = (i64, String, String, Option<Vec<u8>>, Option<String>);

/// By public id.
pub type Subjects = HashMap<String, (i64, Subject)>;

/// Parses such a row.
pub fn subject((row, id, seen_by, session, player_id): SubjectRow) -> Result<(String, (i64, Subject))> {
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
    /// A vote was taken back, be it one of this very batch: its day may be empty now.
    emptied: bool,
}

impl Standing {
    /// Locks the narrow rows of builds by their public ids. A build that was deleted while its lock was waited
    /// for is not among them.
    pub async fn of_builds(conn: &mut Conn, ids: &[&str]) -> DbResult<(Subjects, Self)> {
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
            emptied: false,
        }
    }

    /// Reads the votes that concern the callers of `requests`.
    pub async fn read_votes(
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

    /// Decides one request and applies what it comes to.
    pub fn decide(
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
                self.emptied = true;
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
        if self.emptied {
            let emptied = vote_days::table
                .filter(vote_days::build.eq_any(self.scores.keys().copied().collect::<Vec<_>>()))
                .filter(vote_days::votes.le(0));
            diesel::delete(emptied).execute(conn).await?;
        }
        Ok(())
    }
}
