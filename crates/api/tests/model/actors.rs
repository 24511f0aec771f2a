//! Who takes part in a run: groups of clients that share sessions and players.

use crate::history::Who;
use crate::support;

/// Clients that act for the same callers, so that operations of one voter meet.
pub struct Group {
    pub clients: usize,
    /// What a client may appear as.
    pub identities: Vec<Who>,
}

fn anonymous(session: u32) -> Who {
    Who { session, player: None }
}

fn as_player(session: u32, player: u32) -> Who {
    Who { session, player: Some(player) }
}

/// The groups of a run: sessions of one, of two clients at once, players in several sessions, and a session that
/// two players share.
pub fn groups() -> Vec<Group> {
    let mut groups = vec![
        Group { clients: 2, identities: vec![anonymous(1)] },
        Group { clients: 2, identities: vec![anonymous(2)] },
        Group { clients: 3, identities: vec![anonymous(3), as_player(3, 1), as_player(4, 1), anonymous(4)] },
        Group { clients: 3, identities: vec![anonymous(5), as_player(5, 2), as_player(5, 3)] },
        Group {
            clients: 3,
            identities: vec![
                anonymous(6),
                anonymous(7),
                anonymous(8),
                as_player(6, 4),
                as_player(7, 4),
                as_player(8, 4),
            ],
        },
        Group { clients: 2, identities: vec![as_player(9, 5), as_player(10, 5), anonymous(10)] },
    ];
    groups.extend((11..16).map(|session| Group { clients: 1, identities: vec![anonymous(session)] }));
    groups
}

/// The sessions of all groups.
pub fn sessions(groups: &[Group]) -> Vec<u32> {
    let mut sessions: Vec<u32> =
        groups.iter().flat_map(|group| group.identities.iter().map(|who| who.session)).collect();
    sessions.sort_unstable();
    sessions.dedup();
    sessions
}

pub fn player_id(player: u32) -> String {
    format!("player-{player}")
}

/// The number of a stored player.
pub fn player_number(id: &str) -> u32 {
    id.strip_prefix("player-").and_then(|number| number.parse().ok()).expect("a player of the test")
}

/// The header value of a session.
pub fn session_id(session: u32) -> String {
    support::session(session)
}
