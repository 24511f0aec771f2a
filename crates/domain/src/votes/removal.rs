//! Votes that an admin removes together: which ones, and who cast them.

use sha2::{Digest, Sha256};

use super::model::Vote;
use crate::clock::Timestamp;
use crate::error::FieldError;
use crate::rating::Rating;

/// An opaque id of a voter: `v_` and 24 hex digits, the same for all votes of one player, else of
/// one session. A truncated SHA-256 over the player's id or the stored hash of the session, under a prefix of
/// its own, so that it equals no value that is stored and leads back to no session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VoterId(String);

impl VoterId {
    const PREFIX: &str = "v_";
    const BYTES: usize = 12;

    /// Returns the id of the voter who cast a stored vote.
    #[must_use]
    pub fn of(vote: &Vote) -> Self {
        let digest = match &vote.player_id {
            Some(player) => Sha256::new().chain_update(b"voter player\0").chain_update(player),
            None => Sha256::new().chain_update(b"voter session\0").chain_update(vote.session.0),
        };
        Self(format!("{}{}", Self::PREFIX, hex::encode(&digest.finalize()[..Self::BYTES])))
    }

    /// Parses an id that a list of votes has shown.
    ///
    /// # Errors
    /// A validation error on `voter` for any other form.
    pub fn parse(raw: &str) -> Result<Self, FieldError> {
        let digits = raw.strip_prefix(Self::PREFIX).unwrap_or_default();
        let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digits.len() == 2 * Self::BYTES && digits.bytes().all(lower_hex) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(FieldError::new(
                "voter",
                "format",
                "must be the voter of a listed vote (v_ and 24 hex digits)",
            ))
        }
    }

    /// Returns the id with its prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Selects votes on a build; all conditions that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoteFilter {
    /// Cast at this instant or later.
    pub from: Option<Timestamp>,
    /// Cast before this instant.
    pub until: Option<Timestamp>,
    /// Cast by this voter.
    pub voter: Option<VoterId>,
    /// Of this rating.
    pub rating: Option<Rating>,
}

impl VoteFilter {
    /// Whether it picks every vote.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether every condition holds for the vote.
    #[must_use]
    pub fn picks(&self, vote: &Vote) -> bool {
        self.from.is_none_or(|from| vote.cast_at >= from)
            && self.until.is_none_or(|until| vote.cast_at < until)
            && self.rating.is_none_or(|rating| vote.rating == rating)
            && self.voter.as_ref().is_none_or(|voter| *voter == VoterId::of(vote))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionHash;

    fn vote(session: &str, player: Option<&str>, stars: i64, second: i64) -> Vote {
        Vote {
            id: 1,
            session: SessionHash::of(session),
            player_id: player.map(str::to_owned),
            rating: Rating::parse(stars).unwrap(),
            cast_at: Timestamp::from_micros(second * 1_000_000).unwrap(),
        }
    }

    #[test]
    fn a_voter_has_one_id_whatever_they_vote() {
        let anonymous = VoterId::of(&vote("s", None, 1, 1));
        assert_eq!(VoterId::of(&vote("s", None, 5, 9)), anonymous);
        assert_ne!(VoterId::of(&vote("t", None, 1, 1)), anonymous);
        let player = VoterId::of(&vote("s", Some("p"), 1, 1));
        assert_eq!(VoterId::of(&vote("t", Some("p"), 1, 1)), player, "in any session");
        assert_ne!(player, anonymous);
        assert_eq!(VoterId::parse(player.as_str()).unwrap(), player);
    }

    #[test]
    fn a_voter_id_tells_no_session() {
        let vote = vote("sess_0123456789abcdef01234567", None, 1, 1);
        let id = VoterId::of(&vote);
        let digits = id.as_str().strip_prefix("v_").unwrap();
        assert!(!"sess_0123456789abcdef01234567".contains(digits));
        let stored = hex::encode(vote.session.0);
        assert!(!stored.contains(digits) && !hex::encode(Sha256::digest(vote.session.0)).contains(digits));
    }

    #[test]
    fn only_the_exact_form_is_a_voter() {
        for bad in
            ["", "v_", "v_0123456789abcdef0123456", "v_0123456789ABCDEF01234567", "0123456789abcdef01234567"]
        {
            assert_eq!(VoterId::parse(bad).unwrap_err().code, "format", "{bad}");
        }
    }

    #[test]
    fn every_condition_must_hold() {
        let it = vote("s", None, 3, 10);
        let at = |second: i64| Timestamp::from_micros(second * 1_000_000);
        let all = VoteFilter {
            from: at(10),
            until: at(11),
            voter: Some(VoterId::of(&it)),
            rating: Some(it.rating),
        };
        assert!(all.picks(&it) && !all.is_empty());
        for other in [
            VoteFilter { from: at(11), until: None, ..all.clone() },
            VoteFilter { until: at(10), ..all.clone() },
            VoteFilter { voter: Some(VoterId::of(&vote("t", None, 3, 10))), ..all.clone() },
            VoteFilter { rating: Some(Rating::parse(4).unwrap()), ..all },
        ] {
            assert!(!other.picks(&it), "{other:?}");
        }
        assert!(VoteFilter::default().is_empty());
    }
}
