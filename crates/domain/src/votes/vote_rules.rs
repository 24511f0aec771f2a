//! What a vote does to a build: pure functions that every adapter applies, one by one or in batches.

use std::collections::BTreeMap;

use super::model::{BuildAccess, Vote, VoteAction};
use crate::clock::{Day, Timestamp};
use crate::error::{CurrentVote, Error, Result};
use crate::ranking::Ranking;
use crate::rating::{Rating, Tally};
use crate::session::Caller;

/// Day weights are kept in whole units of 2⁻²⁴, so that taking a vote back leaves exactly what was there.
const WEIGHT_UNIT: f64 = 16_777_216.0;

/// A change of a stored vote, as decided for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new vote, whose id is 0 until it is stored.
    Insert(Vote),
    /// The vote of this id takes the rating, and the player once known.
    Update {
        /// The vote as it is stored.
        before: Vote,
        /// The vote to store in its place.
        after: Vote,
    },
    /// The stored vote is removed.
    Delete(Vote),
}

/// The votes on one build that concern one caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExistingVotes {
    /// The vote of the caller's player.
    pub of_player: Option<Vote>,
    /// The vote cast in the caller's session, which a claim may have given to another player.
    pub of_session: Option<Vote>,
}

impl ExistingVotes {
    /// Picks from votes on one build those that concern `caller`.
    #[must_use]
    pub fn among<'a>(votes: impl Iterator<Item = &'a Vote> + Clone, caller: &Caller) -> Self {
        let player = caller.player_id();
        Self {
            of_player: votes
                .clone()
                .find(|it| player.is_some() && it.player_id.as_deref() == player)
                .cloned(),
            of_session: votes.clone().find(|it| it.session == caller.session).cloned(),
        }
    }

    /// The caller's own vote: the player's, else the session's unclaimed one.
    #[must_use]
    pub fn own(&self) -> Option<&Vote> {
        self.all_own().next()
    }

    /// Every vote that is the caller's: the player's, and the session's unclaimed one.
    fn all_own(&self) -> impl Iterator<Item = &Vote> {
        self.of_player.iter().chain(self.of_session.iter().filter(|vote| vote.player_id.is_none()))
    }

    fn already_voted(&self) -> Error {
        Error::AlreadyVoted(
            self.own().map(|vote| CurrentVote { stars: vote.rating.stars(), cast_at: vote.cast_at }),
        )
    }

    /// The changes that a request makes on a build that the caller can see. A vote that is as requested already is updated to
    /// itself. A withdrawal takes back both the player's vote and the session's unclaimed one.
    ///
    /// # Errors
    /// [`Error::AlreadyVoted`] for a second first vote, and for any vote in a session that another player
    /// has used up.
    pub fn decide(&self, action: VoteAction, caller: &Caller, at: Timestamp) -> Result<Vec<Change>> {
        let taken = self.of_player.is_some() || self.of_session.is_some();
        match (action, self.own()) {
            (VoteAction::Cast(_), _) | (VoteAction::Put(_), None) if taken => Err(self.already_voted()),
            (VoteAction::Put(rating), Some(vote)) => {
                let player_id = vote.player_id.clone().or_else(|| caller.player_id().map(str::to_owned));
                Ok(vec![Change::Update {
                    before: vote.clone(),
                    after: Vote { rating, player_id, ..vote.clone() },
                }])
            }
            (VoteAction::Cast(rating) | VoteAction::Put(rating), _) => Ok(vec![Change::Insert(Vote {
                id: 0,
                session: caller.session,
                player_id: caller.player_id().map(str::to_owned),
                rating,
                cast_at: at,
            })]),
            (VoteAction::Withdraw, _) => Ok(self.all_own().cloned().map(Change::Delete).collect()),
        }
    }

    /// The change by which the session's unclaimed vote becomes the player's: of a double vote the player's
    /// stays. `None` when there is nothing to claim.
    #[must_use]
    pub fn claim(&self, player_id: &str) -> Option<Change> {
        let unclaimed = self.of_session.clone().filter(|vote| vote.player_id.is_none())?;
        Some(match self.of_player {
            Some(_) => Change::Delete(unclaimed),
            None => Change::Update {
                after: Vote { player_id: Some(player_id.to_owned()), ..unclaimed.clone() },
                before: unclaimed,
            },
        })
    }
}

impl BuildAccess {
    /// Checks that the caller may vote on the build and see its votes.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] for a build the caller may not know of, and for a hidden one.
    pub fn check_visible(&self, caller: &Caller, build: &crate::ids::BuildId) -> Result<()> {
        if self.takes_votes_of(caller) { Ok(()) } else { Err(Error::BuildNotFound(build.to_string())) }
    }
}

/// One UTC day of votes on one build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayTally {
    /// How many votes were cast on the day.
    pub votes: i64,
    /// The stars of these votes together.
    pub rating_sum: i64,
    /// Σ of [`Ranking::weight_in_day`], in units of 2⁻²⁴.
    pub weight: i64,
}

/// Everything that is stored about the votes on a build besides the votes: it can be made from them alone,
/// and changes with each of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The votes, counted by their stars.
    pub tally: Tally,
    /// The rating score; see [`Ranking::bayesian`].
    pub bayesian: f64,
    /// The trend; see [`Ranking::trend`].
    pub trend: f64,
}

impl Scores {
    /// Those of a build without votes.
    #[must_use]
    pub fn none(ranking: &Ranking) -> Self {
        Self { tally: Tally::default(), bayesian: ranking.bayesian(0, 0), trend: crate::ranking::NO_TREND }
    }

    /// Those of votes with this tally that fell on these days.
    #[must_use]
    pub fn of(tally: Tally, days: &BTreeMap<Day, DayTally>, ranking: &Ranking) -> Self {
        Self {
            tally,
            bayesian: ranking.bayesian(tally.rating_sum(), tally.vote_count()),
            trend: trend_of(days, ranking),
        }
    }

    /// Adds a vote.
    pub fn add(&mut self, rating: Rating, cast_at: Timestamp, ranking: &Ranking) {
        self.tally.increment(rating);
        self.trend = ranking.trend_with(self.trend, cast_at);
        self.bayesian = ranking.bayesian(self.tally.rating_sum(), self.tally.vote_count());
    }

    /// Puts one rating in the place of another: the vote keeps its time, so the trend stays.
    pub fn replace(&mut self, before: Rating, after: Rating, ranking: &Ranking) {
        self.tally.decrement(before);
        self.tally.increment(after);
        self.bayesian = ranking.bayesian(self.tally.rating_sum(), self.tally.vote_count());
    }

    /// Takes votes back, each counted by its stars; `days` are the build's days without them.
    pub fn remove(&mut self, ratings: &[Rating], days: &BTreeMap<Day, DayTally>, ranking: &Ranking) {
        ratings.iter().for_each(|rating| self.tally.decrement(*rating));
        *self = Self::of(self.tally, days, ranking);
    }
}

impl DayTally {
    /// What one vote of that day adds to it.
    #[must_use]
    pub fn of(rating: Rating, cast_at: Timestamp, ranking: &Ranking) -> Self {
        let weight = (ranking.weight_in_day(cast_at) * WEIGHT_UNIT).round() as i64;
        Self { votes: 1, rating_sum: rating.stars(), weight }
    }

    /// Adds votes of the same day.
    pub fn add(&mut self, other: Self) {
        self.votes += other.votes;
        self.rating_sum += other.rating_sum;
        self.weight += other.weight;
    }

    /// Removes votes of the same day.
    pub fn subtract(&mut self, other: Self) {
        self.votes -= other.votes;
        self.rating_sum -= other.rating_sum;
        self.weight -= other.weight;
    }
}

/// The trend of a build whose votes fell on `days`.
#[must_use]
pub fn trend_of(days: &BTreeMap<Day, DayTally>, ranking: &Ranking) -> f64 {
    ranking.trend(days.iter().map(|(day, tally)| (*day, tally.weight as f64 / WEIGHT_UNIT)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::{Player, SessionHash};

    fn caller(session: &str, player: Option<&str>) -> Caller {
        Caller {
            session: SessionHash::of(session),
            player: player.map(|id| Player {
                player_id: id.into(),
                steam_id: None,
                display_name: None,
                tier: "free".into(),
                roles: vec![],
            }),
        }
    }

    fn vote(session: &str, player: Option<&str>, stars: i64) -> Vote {
        Vote {
            id: 7,
            session: SessionHash::of(session),
            player_id: player.map(str::to_owned),
            rating: Rating::parse(stars).unwrap(),
            cast_at: now(),
        }
    }

    fn stars(count: i64) -> Rating {
        Rating::parse(count).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_micros(1_768_382_000_000_000).unwrap()
    }

    #[test]
    fn another_players_vote_in_the_same_session_is_neither_shown_nor_changed() {
        let votes = [vote("s", Some("p1"), 5)];
        let second = caller("s", Some("p2"));
        let present = ExistingVotes::among(votes.iter(), &second);
        for action in [VoteAction::Cast(stars(1)), VoteAction::Put(stars(1))] {
            assert!(matches!(present.decide(action, &second, now()), Err(Error::AlreadyVoted(None))));
        }
        assert_eq!(present.decide(VoteAction::Withdraw, &second, now()).unwrap(), []);
    }

    #[test]
    fn a_vote_changed_by_a_known_player_becomes_theirs() {
        let votes = [vote("s", None, 5)];
        let player = caller("s", Some("p1"));
        let changes = ExistingVotes::among(votes.iter(), &player)
            .decide(VoteAction::Put(stars(2)), &player, now())
            .unwrap();
        let [Change::Update { after, .. }] = &changes[..] else { panic!("{changes:?}") };
        assert_eq!((after.rating, after.player_id.as_deref()), (stars(2), Some("p1")));
    }

    #[test]
    fn a_second_first_vote_is_refused_with_the_present_one() {
        let votes = [vote("s", None, 4)];
        let same = caller("s", None);
        let refusal =
            ExistingVotes::among(votes.iter(), &same).decide(VoteAction::Cast(stars(1)), &same, now());
        assert!(matches!(refusal, Err(Error::AlreadyVoted(Some(ballot))) if ballot.stars == 4));
    }

    #[test]
    fn a_withdrawal_takes_back_the_players_vote_and_the_unclaimed_one() {
        let votes = [vote("s", None, 5), Vote { id: 8, ..vote("elsewhere", Some("p1"), 2) }];
        let player = caller("s", Some("p1"));
        let changes =
            ExistingVotes::among(votes.iter(), &player).decide(VoteAction::Withdraw, &player, now());
        assert_eq!(changes.unwrap(), [Change::Delete(votes[1].clone()), Change::Delete(votes[0].clone())]);
    }

    #[test]
    fn a_claim_keeps_the_players_vote_of_a_double_one() {
        let votes = [vote("s", None, 5), Vote { id: 8, ..vote("elsewhere", Some("p1"), 2) }];
        let player = caller("s", Some("p1"));
        let doubled = ExistingVotes::among(votes.iter(), &player).claim("p1");
        assert_eq!(doubled, Some(Change::Delete(votes[0].clone())));
        let alone = ExistingVotes::among(votes[..1].iter(), &player).claim("p1");
        assert!(
            matches!(alone, Some(Change::Update { after, .. }) if after.player_id.as_deref() == Some("p1"))
        );
        assert_eq!(ExistingVotes::among(votes[1..].iter(), &player).claim("p1"), None);
    }

    proptest! {
        /// Through any history, the stored scores equal those worked out from the votes that are left.
        #[test]
        fn scores_follow_any_history(steps in prop::collection::vec((0u8..3, 0usize..12, 1i64..=5, 0i64..5_000_000_000_000), 1..80)) {
            let ranking = Ranking::default();
            let mut votes: BTreeMap<usize, (Rating, Timestamp)> = BTreeMap::new();
            let mut days: BTreeMap<Day, DayTally> = BTreeMap::new();
            let mut scores = Scores::none(&ranking);
            for (kind, voter, stars, offset) in steps {
                let rating = Rating::parse(stars).unwrap();
                match (kind, votes.get(&voter).copied()) {
                    (0, None) => {
                        let at = Timestamp::from_micros(1_760_000_000_000_000 + offset).unwrap();
                        votes.insert(voter, (rating, at));
                        days.entry(at.day()).or_default().add(DayTally::of(rating, at, &ranking));
                        scores.add(rating, at, &ranking);
                    }
                    (1, Some((before, at))) => {
                        votes.insert(voter, (rating, at));
                        days.get_mut(&at.day()).unwrap().rating_sum += rating.stars() - before.stars();
                        scores.replace(before, rating, &ranking);
                    }
                    (2, Some((before, at))) => {
                        votes.remove(&voter);
                        days.get_mut(&at.day()).unwrap().subtract(DayTally::of(before, at, &ranking));
                        days.retain(|_, day| day.votes > 0);
                        scores.remove(&[before], &days, &ranking);
                    }
                    _ => {}
                }
            }
            let sum: f64 = votes.values().map(|(_, at)| ((at.seconds() - 1_760_000_000.0) / ranking.half_life).exp2()).sum();
            let direct = (1_760_000_000.0 - crate::ranking::EPOCH_SECONDS) / ranking.half_life + sum.log2();
            if votes.is_empty() {
                prop_assert_eq!(scores.trend, crate::ranking::NO_TREND);
            } else {
                prop_assert!((scores.trend - direct).abs() < 1e-6, "{} {}", scores.trend, direct);
            }
            prop_assert_eq!(scores.tally.vote_count(), votes.len() as i64);
            prop_assert_eq!(scores.tally.rating_sum(), votes.values().map(|(rating, _)| rating.stars()).sum::<i64>());
            prop_assert_eq!(days.values().map(|day| day.votes).sum::<i64>(), scores.tally.vote_count());
            prop_assert_eq!(days.values().map(|day| day.rating_sum).sum::<i64>(), scores.tally.rating_sum());
        }

        #[test]
        fn ratings_stay_within_one_and_five(raw: i64) {
            prop_assert_eq!(Rating::parse(raw).is_ok(), (1..=5).contains(&raw));
        }
    }
}
