//! Sessions, players and callers.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ids::Entropy;

/// `sess_` and 24 lower-case hex characters: a bearer secret. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// 96 random bits.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 12];
        entropy.fill(&mut bytes);
        Self(format!("sess_{}", hex::encode(bytes)))
    }

    /// Parses a session id; `None` for any other form.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let digits = raw.strip_prefix("sess_")?;
        let good =
            digits.len() == 24 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        good.then(|| Self(raw.to_owned()))
    }

    /// The secret itself, for the one header that returns it to its owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the form in which the session is stored.
    #[must_use]
    pub fn hash(&self) -> SessionHash {
        SessionHash::of(&self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// SHA-256 of a session id: the only form in which a session is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionHash(pub [u8; 32]);

impl SessionHash {
    /// Hashes any session id, including the older formats that an import reads.
    #[must_use]
    pub fn of(session: &str) -> Self {
        Self(Sha256::digest(session.as_bytes()).into())
    }
}

impl fmt::Debug for SessionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHash(…)")
    }
}

/// A player, as verified by an identity adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// The id at the identity provider, 1 to 128 printable characters.
    pub player_id: String,
    /// The Steam id; `None` when the provider names none.
    pub steam_id: Option<String>,
    /// The name to show, as [`crate::display_name::display_name`] returns it; `None` without one.
    pub display_name: Option<String>,
    /// The tier that the provider names, `free` when it names none.
    pub tier: String,
    /// The roles that the provider names; `admin` gives administrator rights.
    pub roles: Vec<String>,
}

/// Who makes a request: always a session, and with a valid token a player too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The session of the request: the one that it names, or a new one.
    pub session: SessionHash,
    /// The player; `None` for an anonymous caller.
    pub player: Option<Player>,
}

impl Caller {
    /// Returns the player's id; `None` for an anonymous caller.
    #[must_use]
    pub fn player_id(&self) -> Option<&str> {
        self.player.as_ref().map(|player| player.player_id.as_str())
    }

    /// Whether a thing kept for `session` and perhaps `player` is this caller's: the player's once it has
    /// one, and only then the session's.
    #[must_use]
    pub fn owns(&self, session: Option<SessionHash>, player: Option<&str>) -> bool {
        match player {
            Some(player) => self.player_id() == Some(player),
            None => session == Some(self.session),
        }
    }

    /// The fingerprints of the caller and of the bare session.
    #[must_use]
    pub fn fingerprints(&self) -> [[u8; 32]; 2] {
        [self.fingerprint(), Self { session: self.session, player: None }.fingerprint()]
    }

    /// One stable value for "the same caller": the player's, else the session's.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        match self.player_id() {
            Some(player) => Sha256::new().chain_update(b"player\0").chain_update(player).finalize().into(),
            None => Sha256::new().chain_update(b"session\0").chain_update(self.session.0).finalize().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_form_is_a_session() {
        assert!(SessionId::parse("sess_0123456789abcdef01234567").is_some());
        for bad in ["", "sess_", "sess_0123456789ABCDEF01234567", "sess_0123456789abcdef0123456", "x"] {
            assert!(SessionId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_claimed_thing_is_the_players_alone() {
        let session = SessionHash::of("s");
        let anonymous = Caller { session, player: None };
        assert!(anonymous.owns(Some(session), None));
        assert!(!anonymous.owns(Some(session), Some("p1")));
    }

    #[test]
    fn debug_shows_no_secret() {
        let id = SessionId::parse("sess_0123456789abcdef01234567").unwrap();
        assert!(!format!("{id:?} {:?}", id.hash()).contains("0123"));
    }
}
