//! Tokens as they really come: signed with real keys, checked against servers on real sockets.

mod jwks;
mod jwt;
mod keys;
mod platform;
mod routing;
mod server;

use std::sync::Arc;
use std::time::Duration;

use myashes_adapters::identity::{Identity, IdentityOptions};
use myashes_domain::accounts::IdentityVerifier;
use myashes_domain::{Error, Result, session::Player};

use myashes_testkit::ManualClock;

/// Options that a test changes to its needs.
fn options() -> IdentityOptions {
    IdentityOptions {
        jwt: None,
        platform_url: None,
        timeout: Duration::from_secs(20),
        token_cache_ttl: Duration::from_secs(300),
    }
}

fn identity(options: IdentityOptions, clock: &Arc<ManualClock>) -> Arc<Identity> {
    Arc::new(Identity::new(options, Arc::clone(clock) as _).unwrap())
}

/// What became of a token: the player, a 401 or a 503. Nothing else may happen.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Vouched(Player),
    Bad,
    Unchecked,
}

impl Outcome {
    fn of(result: Result<Player>) -> Self {
        match result {
            Ok(player) => Self::Vouched(player),
            Err(Error::AuthenticationFailed) => Self::Bad,
            Err(Error::Unavailable(_)) => Self::Unchecked,
            Err(other) => panic!("a check of a token ended in {other:?}"),
        }
    }

    fn player(self) -> Player {
        match self {
            Self::Vouched(player) => player,
            other => panic!("expected a player, got {other:?}"),
        }
    }
}

async fn check(identity: &Identity, token: &str) -> Outcome {
    Outcome::of(identity.verify(token, None).await)
}
