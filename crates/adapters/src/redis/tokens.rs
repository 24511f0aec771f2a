//! Players the identity platform has vouched for, shared between replicas. The key is the token's SHA-256:
//! the token itself is never in Redis.

use std::sync::Arc;

use myashes_domain::clock::Timestamp;
use myashes_domain::session::Player;
use serde::{Deserialize, Serialize};

use super::link::RedisLink;

/// See the module. Whatever goes wrong here counts as "not known".
pub(crate) struct SharedTokens {
    link: Arc<RedisLink>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    player_id: String,
    steam_id: Option<String>,
    display_name: Option<String>,
    tier: String,
    until_micros: i64,
}

impl SharedTokens {
    pub(crate) fn new(link: Arc<RedisLink>) -> Self {
        Self { link }
    }

    /// The player behind a token's hash, and until when that may be believed.
    pub(crate) async fn find(&self, hash: [u8; 32]) -> Option<(Player, Timestamp)> {
        let get = |mut connection| async move {
            ::redis::cmd("GET").arg(key(hash)).query_async::<Option<String>>(&mut connection).await
        };
        let entry: Entry = serde_json::from_str(&self.link.run(get).await.ok()??).ok()?;
        let player = Player {
            player_id: entry.player_id,
            steam_id: entry.steam_id,
            display_name: entry.display_name,
            tier: entry.tier,
            roles: Vec::new(),
        };
        Some((player, Timestamp::from_micros(entry.until_micros)?))
    }

    /// Keeps a player until the given instant. Roles are left out: the platform gives none.
    pub(crate) async fn keep(&self, hash: [u8; 32], player: &Player, now: Timestamp, until: Timestamp) {
        let millis = (until.micros() - now.micros()) / 1000;
        if millis <= 0 {
            return;
        }
        let entry = Entry {
            player_id: player.player_id.clone(),
            steam_id: player.steam_id.clone(),
            display_name: player.display_name.clone(),
            tier: player.tier.clone(),
            until_micros: until.micros(),
        };
        let Ok(text) = serde_json::to_string(&entry) else { return };
        let set = |mut connection| async move {
            let mut command = ::redis::cmd("SET");
            command.arg(key(hash)).arg(text).arg("PX").arg(millis);
            command.query_async::<()>(&mut connection).await
        };
        self.link.run(set).await.ok();
    }
}

fn key(hash: [u8; 32]) -> String {
    format!("myashes:token:{}", hex::encode(hash))
}
