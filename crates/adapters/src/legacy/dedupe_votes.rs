//! Of a player's or a session's votes on one build only the earliest can be imported.

use std::collections::{HashMap, HashSet};

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::legacy_reader::instant;
use super::rows::{RawCell, session_hash};

/// A vote that shares its build and its session, or its build and its player, with another.
#[derive(Debug, Clone, QueryableByName)]
pub struct DuplicateVote {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = RawCell)]
    pub build_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = RawCell)]
    pub session_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = RawCell)]
    pub player_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>, deserialize_as = RawCell)]
    pub created_at: Option<String>,
}

pub const SECOND_OF_SESSION: &str = "a session's second vote";
pub const SECOND_OF_PLAYER: &str = "a player's second vote";

/// The numeric ids of those that lose, and why. A rejected vote rejects no other.
#[must_use]
pub fn rejected_ids(contenders: Vec<DuplicateVote>) -> HashMap<i64, &'static str> {
    // Votes that cannot be imported for other reasons are left out.
    let in_order = contenders.into_iter().filter_map(|it| {
        let session = it.session_id.as_deref().filter(|id| !id.is_empty()).map(session_hash)?;
        let player = it.player_id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned);
        Some((instant("created_at", it.created_at.as_deref()).ok()?, it.id, it.build_id?, session, player))
    });
    let mut in_order: Vec<_> = in_order.collect();
    in_order.sort_unstable_by_key(|(at, id, ..)| (*at, *id));
    let (mut sessions, mut players) = (HashSet::new(), HashSet::new());
    let mut rejected_ids = HashMap::new();
    for (_, id, build, session, player) in in_order {
        let of_player = player.map(|player| (build.clone(), player));
        let of_session = (build, session);
        if of_player.as_ref().is_some_and(|key| players.contains(key)) {
            rejected_ids.insert(id, SECOND_OF_PLAYER);
        } else if sessions.contains(&of_session) {
            rejected_ids.insert(id, SECOND_OF_SESSION);
        } else {
            sessions.insert(of_session);
            players.extend(of_player);
        }
    }
    rejected_ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(id: i64, session: &str, player: Option<&str>, at: i64) -> DuplicateVote {
        DuplicateVote {
            id,
            build_id: Some("b_1".into()),
            session_id: Some(session.into()),
            player_id: player.map(str::to_owned),
            created_at: Some(format!("2026-01-14 09:30:{at:02}")),
        }
    }

    #[test]
    fn the_earliest_wins_whatever_its_number() {
        let rejected_ids = rejected_ids(vec![vote(1, "a", Some("p"), 20), vote(2, "b", Some("p"), 10)]);
        assert_eq!(rejected_ids, HashMap::from([(1, SECOND_OF_PLAYER)]));
    }

    #[test]
    fn a_vote_that_lost_takes_nobodys_place() {
        let votes = vec![vote(1, "a", Some("p"), 1), vote(2, "b", Some("p"), 2), vote(3, "b", None, 3)];
        assert_eq!(rejected_ids(votes), HashMap::from([(2, SECOND_OF_PLAYER)]));
    }
}
