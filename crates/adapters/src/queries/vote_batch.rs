//! One way for every change of votes: the builds concerned are locked in the order of their row numbers, the votes
//! that matter are read under the lock, the domain's functions decide, and what differs is written back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Owner;
use myashes_domain::clock::Day;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::{
    BuildAccess, Change, DayTally, ExistingVotes, Rating, Scores, Vote, VoteAction, VoteRequest, VoteView,
};
use myashes_domain::{Error, Result};

use super::rows::{RankRow, VoteRow, stored};
use super::{Conn, dialect};
use crate::sql::error::{DbError, DbResult};
use crate::sql::schema::{build_ranks, vote_days};
use crate::sql::types::hash32;

/// What a writer does about score rows that another transaction has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locking {
    /// Waits for them, for as long as `lock_timeout` allows.
    Wait,
    /// Leaves them out.
    Skip,
}

/// A build's row, its public id, and what decides who sees it.
pub type SubjectRow = (i64, String, String, bool, Option<Vec<u8>>, Option<String>);

/// Parses such a row.
pub fn subject(
    (row, id, seen_by, hidden, session, player_id): SubjectRow,
) -> Result<(String, (i64, BuildAccess))> {
    let session = session.as_deref().map(|hash| SessionHash(hash32(hash)));
    let owner = Owner { session, player_id, ..Owner::default() };
    Ok((id, (row, BuildAccess { visibility: stored("visibility", &seen_by)?, hidden, owner })))
}

/// Builds whose score rows are locked, the votes on them that were read under the lock, and what has changed.
#[derive(Default)]
pub struct VoteBatch {
    /// By public id, with what decides who sees it; only of requests.
    subjects: HashMap<String, (i64, BuildAccess)>,
    scores: BTreeMap<i64, LockedScores>,
    votes: HashMap<i64, Vec<Vote>>,
    /// The days of builds whose votes are taken back, as they are after the changes.
    days: BTreeMap<(i64, Day), DayTally>,
    days_read: BTreeSet<i64>,
    day_differences: BTreeMap<(i64, Day), DayDifference>,
    changes: Changes,
}

struct LockedScores {
    scores: Scores,
    changed: bool,
}

/// What is to be stored, each part by the key of its rows.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub inserted: BTreeMap<(i64, SessionHash), Vote>,
    /// Stored votes that take another rating or owner, by their ids.
    pub updated: BTreeMap<i64, Vote>,
    pub deleted: BTreeSet<i64>,
    pub scores: Vec<(i64, Scores)>,
    /// Differences of days that only gain votes: their rows may be missing.
    pub added_days: Vec<(i64, Day, DayTally)>,
    /// Differences of days on which stored votes changed: their rows are there.
    pub changed_days: Vec<(i64, Day, DayTally)>,
    pub emptied_days: Vec<(i64, Day)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct DayDifference {
    change: DayTally,
    /// A stored vote of the day is among the changes.
    stored: bool,
}

impl VoteBatch {
    /// Locks the builds that requests are about, and reads the votes that decide them. A build that was deleted
    /// while its lock was waited for is not among them.
    pub async fn of_requests(conn: &mut Conn, requests: &[VoteRequest]) -> DbResult<Self> {
        let (locked, votes) = dialect::lock_and_read(conn, requests, Locking::Wait).await?;
        Self::over(locked, votes)
    }

    /// Locks score rows in the order of their numbers; those that were deleted or skipped are not among
    /// [`Self::rows`].
    pub async fn lock(conn: &mut Conn, rows: &[i64], locking: Locking) -> DbResult<Self> {
        let locked = dialect::lock_ranks(conn, rows, locking).await?;
        let scores = locked.into_iter().map(|(row, rank)| (row, LockedScores::of(&rank))).collect();
        Ok(Self { scores, ..Self::default() })
    }

    /// Locks the score rows of builds, except those that another transaction holds: they are left for the next batch,
    /// so that no other transaction waits for this one meanwhile. Where all are held, it waits for the first. Returns
    /// whether all existing ones are locked.
    pub async fn lock_free(conn: &mut Conn, owned: Vec<i64>, voted: Vec<i64>) -> DbResult<(Self, bool)> {
        let wanted: BTreeSet<i64> = owned.into_iter().chain(voted).collect();
        let wanted: Vec<i64> = wanted.into_iter().collect();
        let batch = Self::lock(conn, &wanted, Locking::Skip).await?;
        let locked = batch.rows();
        let missing: Vec<i64> = wanted.into_iter().filter(|row| !locked.contains(row)).collect();
        if missing.is_empty() {
            return Ok((batch, true));
        }
        let held: Vec<i64> = build_ranks::table
            .filter(build_ranks::build.eq_any(&missing))
            .order_by(build_ranks::build)
            .select(build_ranks::build)
            .load(conn)
            .await?;
        match held.as_slice().first() {
            None => Ok((batch, true)),
            Some(first) if locked.is_empty() => {
                Ok((Self::lock(conn, &[*first], Locking::Wait).await?, false))
            }
            Some(_) => Ok((batch, false)),
        }
    }

    /// Over builds that are locked, and the votes of those who vote on them.
    pub fn over(locked: Vec<(SubjectRow, RankRow)>, votes: Vec<VoteRow>) -> DbResult<Self> {
        let mut batch = Self::default();
        for (row, rank) in locked {
            batch.scores.insert(row.0, LockedScores::of(&rank));
            let (id, seen) = subject(row)?;
            batch.subjects.insert(id, seen);
        }
        batch.add_votes(votes)?;
        Ok(batch)
    }

    /// The rows that are locked.
    pub fn rows(&self) -> Vec<i64> {
        self.scores.keys().copied().collect()
    }

    /// Adds votes that were read under the lock.
    pub fn add_votes(&mut self, votes: Vec<VoteRow>) -> DbResult<()> {
        for found in votes {
            let of_build = self.votes.entry(found.build).or_default();
            let vote = found.vote()?;
            if !of_build.contains(&vote) {
                of_build.push(vote);
            }
        }
        Ok(())
    }

    /// The votes on a build that were read.
    pub fn votes_on(&self, row: i64) -> &[Vote] {
        self.votes.get(&row).map_or(&[], Vec::as_slice)
    }

    /// Decides requests in their order, and applies what each comes to. One that is refused disturbs no other.
    pub async fn answer(
        &mut self,
        conn: &mut Conn,
        requests: &[VoteRequest],
        ranking: &Ranking,
    ) -> DbResult<Vec<Result<VoteView>>> {
        let withdrawn = requests.iter().filter(|request| request.action == VoteAction::Withdraw);
        let rows = withdrawn.filter_map(|request| Some(self.subjects.get(request.build.as_str())?.0));
        let rows: BTreeSet<i64> = rows.collect();
        self.read_days(conn, &rows).await?;
        Ok(requests.iter().map(|request| self.decide(request, ranking)).collect())
    }

    /// Reads the days of builds; needed before a vote on them is taken back.
    pub async fn read_days(&mut self, conn: &mut Conn, rows: &BTreeSet<i64>) -> DbResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let found: Vec<(i64, i32, i64, i64, i64)> =
            vote_days::table.filter(vote_days::build.eq_any(rows)).load(conn).await?;
        self.days_read.extend(rows);
        self.days.extend(found.into_iter().map(|(build, day, votes, rating_sum, weight)| {
            ((build, Day(day)), DayTally { votes, rating_sum, weight })
        }));
        Ok(())
    }

    fn decide(&mut self, request: &VoteRequest, ranking: &Ranking) -> Result<VoteView> {
        let Some((row, subject)) = self.subjects.get(request.build.as_str()) else {
            return Err(Error::BuildNotFound(request.build.to_string()));
        };
        subject.check_visible(&request.caller, &request.build)?;
        let row = *row;
        let present = ExistingVotes::among(self.votes_on(row).iter(), &request.caller);
        let changes = present.decide(request.action, &request.caller, request.at)?;
        self.apply(row, &changes, ranking);
        let your_rating = changes.iter().find_map(|change| match change {
            Change::Insert(vote) | Change::Update { after: vote, .. } => Some(vote.rating),
            Change::Delete(_) => None,
        });
        let tally = self.scores.get(&row).map(|it| it.scores.tally).unwrap_or_default();
        Ok(VoteView { build: request.build.clone(), your_rating, tally })
    }

    /// Applies changes of one build's votes to what is held here. The days of a build must have been read before
    /// votes on it are taken back.
    pub fn apply(&mut self, row: i64, changes: &[Change], ranking: &Ranking) {
        let Some(locked) = self.scores.get_mut(&row) else { return };
        let of_build = self.votes.entry(row).or_default();
        let mut days = self.days_read.contains(&row).then_some(&mut self.days);
        let mut removed: Vec<Rating> = vec![];
        for change in changes {
            match change {
                Change::Insert(vote) => {
                    locked.scores.add(vote.rating, vote.cast_at, ranking);
                    locked.changed = true;
                    let tally = DayTally::of(vote.rating, vote.cast_at, ranking);
                    change_day(days.as_deref_mut(), &mut self.day_differences, row, vote, |day| {
                        day.add(tally)
                    });
                    of_build.push(vote.clone());
                    self.changes.inserted.insert((row, vote.session), vote.clone());
                }
                Change::Update { before, after } if before == after => {}
                Change::Update { before, after } => {
                    if before.rating != after.rating {
                        locked.scores.replace(before.rating, after.rating, ranking);
                        locked.changed = true;
                        let difference = after.rating.stars() - before.rating.stars();
                        change_day(days.as_deref_mut(), &mut self.day_differences, row, after, |day| {
                            day.rating_sum += difference;
                        });
                    }
                    of_build.retain(|vote| vote.session != before.session);
                    of_build.push(after.clone());
                    match self.changes.inserted.get_mut(&(row, after.session)) {
                        Some(new) if after.id == 0 => *new = after.clone(),
                        _ => drop(self.changes.updated.insert(after.id, after.clone())),
                    }
                }
                Change::Delete(vote) => {
                    removed.push(vote.rating);
                    locked.changed = true;
                    let tally = DayTally::of(vote.rating, vote.cast_at, ranking);
                    change_day(days.as_deref_mut(), &mut self.day_differences, row, vote, |day| {
                        day.subtract(tally)
                    });
                    of_build.retain(|present| present.session != vote.session);
                    if vote.id == 0 {
                        self.changes.inserted.remove(&(row, vote.session));
                    } else {
                        self.changes.updated.remove(&vote.id);
                        self.changes.deleted.insert(vote.id);
                    }
                }
            }
        }
        if !removed.is_empty() {
            let days = self.days.range((row, Day(i32::MIN))..=(row, Day(i32::MAX)));
            let days = days.filter(|(_, tally)| tally.votes > 0).map(|((_, day), tally)| (*day, *tally));
            locked.scores.remove(&removed, &days.collect(), ranking);
        }
    }

    /// What is to be stored; `None` when nothing is.
    pub fn changes(&mut self) -> Option<&Changes> {
        let changes = &mut self.changes;
        let changed = self.scores.iter().filter(|(_, it)| it.changed);
        changes.scores = changed.map(|(row, it)| (*row, it.scores.clone())).collect();
        for ((row, day), difference) in std::mem::take(&mut self.day_differences) {
            let left = self.days.get(&(row, day)).map(|tally| tally.votes);
            match difference {
                DayDifference { change, stored: false } if change != DayTally::default() => {
                    changes.added_days.push((row, day, change));
                }
                DayDifference { stored: true, .. } if left == Some(0) => {
                    changes.emptied_days.push((row, day))
                }
                DayDifference { change, stored: true } if change != DayTally::default() => {
                    changes.changed_days.push((row, day, change));
                }
                DayDifference { .. } => {}
            }
        }
        let nothing = changes.scores.is_empty() && changes.updated.is_empty();
        (!nothing).then_some(changes)
    }

    /// Writes back what differs. Each statement changes as many rows as was decided, or fails.
    pub async fn store(mut self, conn: &mut Conn) -> DbResult<()> {
        let stored = match self.changes() {
            Some(changes) => dialect::store_votes(conn, changes).await,
            None => return Ok(()),
        };
        self.report(stored)
    }

    /// Logs which builds a broken check concerns: that a stored tally was about to become wrong is a defect.
    pub fn report<T>(&self, stored: DbResult<T>) -> DbResult<T> {
        if let Err(DbError::Database(Diesel::DatabaseError(DatabaseErrorKind::CheckViolation, info))) =
            &stored
        {
            let rows: Vec<i64> = self.changes.scores.iter().map(|(row, _)| *row).collect();
            tracing::error!(builds = ?rows, constraint = info.constraint_name(), "a change of votes breaks a check");
        }
        stored
    }
}

fn change_day(
    days: Option<&mut BTreeMap<(i64, Day), DayTally>>,
    differences: &mut BTreeMap<(i64, Day), DayDifference>,
    row: i64,
    vote: &Vote,
    change: impl Fn(&mut DayTally),
) {
    let key = (row, vote.cast_at.day());
    if let Some(days) = days {
        change(days.entry(key).or_default());
    }
    let difference = differences.entry(key).or_default();
    change(&mut difference.change);
    difference.stored |= vote.id != 0;
}

impl LockedScores {
    fn of(rank: &RankRow) -> Self {
        let scores = Scores { tally: rank.tally(), bayesian: rank.bayesian, trend: rank.trend };
        Self { scores, changed: false }
    }
}
