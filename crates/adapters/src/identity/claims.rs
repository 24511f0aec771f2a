//! Claims of a JSON Web Token and their validation.

use myashes_domain::clock::Timestamp;
use myashes_domain::session::Player;
use serde::Deserialize;
use serde_json::Value;

use super::player::Described;

/// Seconds by which the issuer's clock may differ from ours.
const LEEWAY: f64 = 30.0;

#[derive(Deserialize)]
pub(super) struct Claims {
    sub: String,
    /// Seconds since 1970, perhaps with fraction.
    exp: f64,
    /// The library also takes a list here, which RFC 7519 does not know.
    #[serde(default, rename = "iss")]
    _issuer: Option<String>,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    steam_id: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    tier: Value,
    #[serde(default)]
    roles: Value,
}

impl Claims {
    /// The player, if the token is valid at this moment and has a subject.
    pub(super) fn player(self, now: Timestamp) -> Option<Player> {
        let now = now.seconds();
        let begun = self.nbf.is_none_or(|nbf| nbf <= now + LEEWAY);
        let running = now < self.exp + LEEWAY;
        let described = Described {
            id: Value::String(self.sub),
            steam_id: self.steam_id,
            name: self.name,
            tier: self.tier,
            roles: self.roles,
        };
        if begun && running { described.player() } else { None }
    }
}
