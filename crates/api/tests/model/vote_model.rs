//! The votes of callers that share sessions or players, on one build.

use crate::history::Who;
use crate::linearization::Model;

/// A stored vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredVote {
    pub session: u32,
    pub player: Option<u32>,
    pub rating: u8,
}

/// What became of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteAnswer {
    Accepted,
    /// There is a vote already: the caller's of this rating, or one that is not shown.
    Refused(Option<u8>),
}

/// Operations that change or tell votes, with their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteOperation {
    /// A first vote.
    Cast {
        who: Who,
        rating: u8,
        answer: VoteAnswer,
    },
    /// A vote, or a changed one.
    Put {
        who: Who,
        rating: u8,
        answer: VoteAnswer,
    },
    Withdraw {
        who: Who,
    },
    /// The caller's rating was shown, or that there is none.
    Shown {
        who: Who,
        rating: Option<u8>,
    },
    Claim {
        who: Who,
    },
    Erase {
        who: Who,
    },
    /// An admin has removed the vote that was cast in a session.
    RemoveOne {
        session: u32,
    },
    /// An admin has removed all votes, or those of one rating.
    RemoveRated {
        rating: Option<u8>,
    },
    /// An admin has removed the vote of a voter, who is known by session or player.
    RemoveVoter {
        session: u32,
        player: Option<u32>,
    },
}

/// Votes by session; there is one at most for each session and player.
pub type Votes = Vec<StoredVote>;

/// What the service must answer about the votes on one build.
pub struct VoteModel;

struct Present {
    of_player: Option<StoredVote>,
    of_session: Option<StoredVote>,
}

impl Present {
    fn among(votes: &Votes, who: Who) -> Self {
        Self {
            of_player: votes.iter().find(|it| who.player.is_some() && it.player == who.player).copied(),
            of_session: votes.iter().find(|it| it.session == who.session).copied(),
        }
    }

    fn unclaimed(&self) -> Option<StoredVote> {
        self.of_session.filter(|vote| vote.player.is_none())
    }

    fn own(&self) -> Option<StoredVote> {
        self.of_player.or(self.unclaimed())
    }

    fn is_taken(&self) -> bool {
        self.of_player.is_some() || self.of_session.is_some()
    }

    fn refusal(&self) -> VoteAnswer {
        VoteAnswer::Refused(self.own().map(|vote| vote.rating))
    }
}

fn with(votes: &Votes, vote: StoredVote) -> Votes {
    let mut votes: Votes = votes.iter().copied().filter(|it| it.session != vote.session).collect();
    votes.push(vote);
    votes.sort_unstable();
    votes
}

fn without(votes: &Votes, removed: impl Fn(&StoredVote) -> bool) -> Votes {
    votes.iter().copied().filter(|it| !removed(it)).collect()
}

fn if_answered(given: VoteAnswer, expected: VoteAnswer, votes: Votes) -> Vec<Votes> {
    if given == expected { vec![votes] } else { vec![] }
}

impl Model for VoteModel {
    type State = Votes;
    type Operation = VoteOperation;

    fn apply(votes: &Votes, operation: &VoteOperation) -> Vec<Votes> {
        let new = |who: Who, rating| StoredVote { session: who.session, player: who.player, rating };
        let only_if = |condition: bool| if condition { vec![votes.clone()] } else { vec![] };
        match *operation {
            VoteOperation::Cast { who, rating, answer } => {
                let present = Present::among(votes, who);
                match present.is_taken() {
                    true => if_answered(answer, present.refusal(), votes.clone()),
                    false => if_answered(answer, VoteAnswer::Accepted, with(votes, new(who, rating))),
                }
            }
            VoteOperation::Put { who, rating, answer } => {
                let present = Present::among(votes, who);
                match present.own() {
                    Some(vote) => {
                        let changed = StoredVote { rating, player: vote.player.or(who.player), ..vote };
                        if_answered(answer, VoteAnswer::Accepted, with(votes, changed))
                    }
                    None if present.is_taken() => if_answered(answer, present.refusal(), votes.clone()),
                    None => if_answered(answer, VoteAnswer::Accepted, with(votes, new(who, rating))),
                }
            }
            VoteOperation::Withdraw { who } | VoteOperation::Erase { who } => {
                let unclaimed = |it: &StoredVote| it.session == who.session && it.player.is_none();
                let of_player = |it: &StoredVote| who.player.is_some() && it.player == who.player;
                vec![without(votes, |it| unclaimed(it) || of_player(it))]
            }
            VoteOperation::Shown { who, rating } => {
                only_if(Present::among(votes, who).own().map(|vote| vote.rating) == rating)
            }
            VoteOperation::Claim { who } => {
                let present = Present::among(votes, who);
                match (present.unclaimed(), present.of_player) {
                    (Some(vote), Some(_)) => vec![without(votes, |it| it.session == vote.session)],
                    (Some(vote), None) => vec![with(votes, StoredVote { player: who.player, ..vote })],
                    (None, _) => vec![votes.clone()],
                }
            }
            VoteOperation::RemoveOne { session } => {
                let found = votes.iter().any(|it| it.session == session);
                if found { vec![without(votes, |it| it.session == session)] } else { vec![] }
            }
            VoteOperation::RemoveRated { rating } => {
                vec![without(votes, |it| rating.is_none_or(|rating| it.rating == rating))]
            }
            VoteOperation::RemoveVoter { session, player } => {
                let is_theirs =
                    |it: &&StoredVote| it.session == session || (player.is_some() && it.player == player);
                let theirs = votes.iter().filter(is_theirs);
                theirs.map(|vote| without(votes, |it| it == vote)).collect()
            }
        }
    }

    fn is_read(operation: &VoteOperation) -> bool {
        matches!(operation, VoteOperation::Shown { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linearization::{Effect, Timed, explain};

    const ANONYMOUS: Who = Who { session: 1, player: None };
    const PLAYER: Who = Who { session: 1, player: Some(9) };
    const ELSEWHERE: Who = Who { session: 2, player: Some(9) };

    fn put(who: Who, rating: u8) -> VoteOperation {
        VoteOperation::Put { who, rating, answer: VoteAnswer::Accepted }
    }

    fn cast(who: Who, rating: u8, answer: VoteAnswer) -> VoteOperation {
        VoteOperation::Cast { who, rating, answer }
    }

    fn vote(session: u32, player: Option<u32>, rating: u8) -> StoredVote {
        StoredVote { session, player, rating }
    }

    /// Operations one after the other.
    fn in_turn(operations: &[VoteOperation]) -> Vec<Timed<VoteOperation>> {
        let timed = |(index, operation): (usize, &VoteOperation)| Timed {
            operation: *operation,
            invoked: 10 * index as u64,
            answered: 10 * index as u64 + 5,
            effect: Effect::Once,
        };
        operations.iter().enumerate().map(timed).collect()
    }

    /// All operations at once.
    fn at_once(operations: &[VoteOperation]) -> Vec<Timed<VoteOperation>> {
        in_turn(operations).into_iter().map(|it| Timed { invoked: 0, answered: 1000, ..it }).collect()
    }

    fn ends(history: &[Timed<VoteOperation>], end: &[StoredVote]) -> bool {
        explain::<VoteModel>(vec![], history, |votes| votes == end).is_ok()
    }

    #[test]
    fn a_vote_that_was_acknowledged_and_is_not_there_is_rejected() {
        assert!(!ends(&in_turn(&[put(ANONYMOUS, 4)]), &[]));
        assert!(!ends(&in_turn(&[put(ANONYMOUS, 4), put(ANONYMOUS, 2)]), &[vote(1, None, 4)]));
    }

    #[test]
    fn of_two_first_votes_at_once_one_is_accepted() {
        use VoteAnswer::{Accepted, Refused};
        let both = [cast(ANONYMOUS, 1, Accepted), cast(ANONYMOUS, 2, Accepted)];
        assert!(!ends(&at_once(&both), &[vote(1, None, 1)]));
        let one = [cast(ANONYMOUS, 1, Accepted), cast(ANONYMOUS, 2, Refused(Some(1)))];
        assert!(ends(&at_once(&one), &[vote(1, None, 1)]));
        let wrong = [cast(ANONYMOUS, 1, Accepted), cast(ANONYMOUS, 2, Refused(Some(2)))];
        assert!(!ends(&at_once(&wrong), &[vote(1, None, 1)]));
    }

    #[test]
    fn a_claim_that_loses_a_vote_is_rejected() {
        let history = in_turn(&[put(ANONYMOUS, 4), VoteOperation::Claim { who: PLAYER }]);
        assert!(ends(&history, &[vote(1, Some(9), 4)]) && !ends(&history, &[]));
    }

    #[test]
    fn of_a_double_vote_the_players_stays() {
        let history = in_turn(&[put(ANONYMOUS, 4), put(ELSEWHERE, 2), VoteOperation::Claim { who: PLAYER }]);
        assert!(ends(&history, &[vote(2, Some(9), 2)]) && !ends(&history, &[vote(1, Some(9), 4)]));
    }

    #[test]
    fn a_withdrawal_takes_both_identities_back() {
        let votes = [put(ANONYMOUS, 4), put(ELSEWHERE, 2)];
        let withdrawn = [votes[0], votes[1], VoteOperation::Withdraw { who: PLAYER }];
        assert!(ends(&in_turn(&withdrawn), &[]));
        assert!(!ends(&in_turn(&withdrawn), &[vote(1, None, 4)]));
    }

    #[test]
    fn a_vote_during_an_erasure_stays_or_goes_and_one_after_it_stays() {
        let erase = Timed {
            operation: VoteOperation::Erase { who: ANONYMOUS },
            invoked: 0,
            answered: 100,
            effect: Effect::Repeated,
        };
        let during = Timed { operation: put(ANONYMOUS, 3), invoked: 50, answered: 60, effect: Effect::Once };
        let after = Timed { invoked: 110, answered: 120, ..during.clone() };
        let history = [erase.clone(), during];
        assert!(ends(&history, &[]) && ends(&history, &[vote(1, None, 3)]));
        let history = [erase, after];
        assert!(ends(&history, &[vote(1, None, 3)]) && !ends(&history, &[]));
    }

    #[test]
    fn another_players_vote_in_the_session_is_refused_unshown() {
        let third = Who { session: 1, player: Some(8) };
        let history = |answer| in_turn(&[put(PLAYER, 5), cast(third, 1, answer)]);
        assert!(ends(&history(VoteAnswer::Refused(None)), &[vote(1, Some(9), 5)]));
        assert!(!ends(&history(VoteAnswer::Refused(Some(5))), &[vote(1, Some(9), 5)]));
    }

    #[test]
    fn a_removal_of_what_is_not_there_is_rejected() {
        assert!(!ends(&in_turn(&[VoteOperation::RemoveOne { session: 1 }]), &[]));
        let removed = [put(ANONYMOUS, 1), VoteOperation::RemoveRated { rating: Some(1) }];
        assert!(ends(&in_turn(&removed), &[]));
        let kept = [put(ANONYMOUS, 1), VoteOperation::RemoveRated { rating: Some(2) }];
        assert!(!ends(&in_turn(&kept), &[]));
    }
}
