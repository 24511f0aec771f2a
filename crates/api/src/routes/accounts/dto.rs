//! Accounts as they are sent and shown.

use myashes_domain::accounts::Claimed;
use myashes_domain::clock::Timestamp;
use myashes_domain::session::{Player, SessionId};
use myashes_domain::{FieldError, FieldErrors};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, required};

/// Who the caller is.
#[derive(Serialize, ToSchema)]
pub struct AuthStatus<'a> {
    authenticated: bool,
    #[schema(required)]
    player_id: Option<&'a str>,
    #[schema(required)]
    steam_id: Option<&'a str>,
    #[schema(required)]
    display_name: Option<&'a str>,
    tier: &'a str,
}

impl<'a> AuthStatus<'a> {
    pub fn of(player: Option<&'a Player>) -> Self {
        Self {
            authenticated: player.is_some(),
            player_id: player.map(|it| it.player_id.as_str()),
            steam_id: player.and_then(|it| it.steam_id.as_deref()),
            display_name: player.and_then(|it| it.display_name.as_deref()),
            tier: player.map_or("anonymous", |it| it.tier.as_str()),
        }
    }
}

/// Which session to claim.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = Claim)]
pub struct ClaimBody {
    /// The request's own `X-Session-ID`.
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = String, pattern = "^sess_[0-9a-f]{24}$", required)]
    session_id: Field<String>,
}

impl ClaimBody {
    /// # Errors
    /// A validation error for a malformed session id.
    pub fn session(self) -> Result<SessionId, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let session = checked.parse(&self.session_id, |raw| {
            SessionId::parse(raw).ok_or_else(|| {
                FieldError::new("session_id", "format", "must be sess_ and 24 lower-case hex characters")
            })
        });
        checked.finish(session)
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Claimed)]
pub struct ClaimAnswer<'a> {
    claimed_count: usize,
    build_ids: Vec<&'a str>,
    message: String,
}

impl<'a> From<&'a Claimed> for ClaimAnswer<'a> {
    fn from(claimed: &'a Claimed) -> Self {
        let (builds, votes) = (claimed.builds.len(), claimed.votes);
        Self {
            claimed_count: builds,
            build_ids: claimed.builds.iter().map(|id| id.as_str()).collect(),
            message: match claimed.finished {
                true => format!("Claimed {builds} build(s) and {votes} vote(s)"),
                false => format!("Claimed {builds} build(s) and {votes} vote(s) so far; the rest follows"),
            },
        }
    }
}

/// Everything stored about the caller, by kind.
#[derive(ToSchema)]
#[schema(as = Export)]
#[expect(dead_code, reason = "it describes what is streamed")]
pub struct ExportBody {
    #[schema(value_type = String, format = DateTime)]
    exported_at: Timestamp,
    #[schema(value_type = Vec<Object>)]
    builds: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    votes: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    feedback: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    searches: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    reports: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    idempotency_keys: Vec<Value>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Erasure)]
pub struct ErasureBody {
    pub status: ErasureStatus,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureStatus {
    Done,
    /// The service carries it to its end.
    Running,
}
