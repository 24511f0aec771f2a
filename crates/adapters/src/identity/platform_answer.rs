//! What the identity platform's GraphQL answers mean.

use myashes_domain::session::Player;
use serde::Deserialize;
use serde_json::Value;

use super::player::Described;

/// Codes of errors by which the platform calls a token bad.
const BAD_TOKEN_CODES: [&str; 3] = ["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT"];

#[derive(Debug)]
pub(super) enum PlatformAnswer {
    Good(Player),
    Bad,
    /// Errors without a code: bad, and not to be remembered.
    ProbablyBad,
    /// Neither good nor bad, and why; for the log, and without anything of the answer's own text.
    Unclear(&'static str),
}

/// Reads the body of a 2xx answer.
pub(super) fn read(body: &[u8]) -> PlatformAnswer {
    let Ok(body) = serde_json::from_slice::<Body>(body) else {
        return PlatformAnswer::Unclear("an answer in another shape");
    };
    if let Some(errors) = body.errors.filter(|errors| !errors.is_empty()) {
        return by_errors(&errors);
    }
    let validated = match body.data {
        None => return PlatformAnswer::Unclear("an answer without data"),
        Some(data) => data.validate_token,
    };
    let Some(validated) = validated.filter(|validated| validated.valid) else { return PlatformAnswer::Bad };
    let described = Described {
        id: validated.player_id,
        steam_id: validated.steam_id,
        name: validated.steam_display_name,
        tier: validated.tier,
        roles: Value::Null,
    };
    described.player().map_or(PlatformAnswer::Unclear("a valid token without a usable player id"), |player| {
        PlatformAnswer::Good(player)
    })
}

/// One error code that is not about the token makes the answer unclear, whatever the others are.
fn by_errors(errors: &[Value]) -> PlatformAnswer {
    let mut answer = PlatformAnswer::ProbablyBad;
    for error in errors {
        match &error["extensions"]["code"] {
            Value::Null => {}
            Value::String(code) if BAD_TOKEN_CODES.contains(&code.as_str()) => answer = PlatformAnswer::Bad,
            _ => return PlatformAnswer::Unclear("errors that say nothing about the token"),
        }
    }
    answer
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    data: Option<Data>,
    #[serde(default)]
    errors: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "validateToken")]
    validate_token: Option<Validated>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validated {
    valid: bool,
    #[serde(default)]
    player_id: Value,
    #[serde(default)]
    steam_id: Value,
    #[serde(default)]
    steam_display_name: Value,
    #[serde(default)]
    tier: Value,
}
