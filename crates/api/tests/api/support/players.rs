//! Players and admins of tests: tokens signed with a secret that the service under test shares.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub const SECRET: &str = "a-secret-of-tests-that-is-long-enough-1234";
pub const ADMIN_TOKEN: &str = "an-admin-token-of-tests-0123456789-abcdef";
pub const ADMIN_STEAM_ID: &str = "76561198000000042";

/// A service that knows players and admins.
pub const PLAYERS: &[(&str, &str)] = &[
    ("JWT_HS256_SECRET", SECRET),
    ("JWT_ISSUER", "https://id.example"),
    ("JWT_AUDIENCE", "myashes"),
    ("ADMIN_TOKEN", ADMIN_TOKEN),
    ("ADMIN_STEAM_IDS", ADMIN_STEAM_ID),
];

/// The second at which tokens of tests expire, in the year 2100.
pub const LATER: i64 = 4_102_444_800;

/// A token with these claims over the usual ones.
pub fn token_with(more: Value) -> String {
    let mut claims = json!({"iss": "https://id.example", "aud": "myashes", "exp": LATER});
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sign(&claims, SECRET)
}

/// A player called `id`.
pub fn player(id: &str) -> String {
    token_with(
        json!({"sub": id, "name": format!("Name of {id}"), "steam_id": "76561198000000001", "tier": "gold"}),
    )
}

/// A player with the role of an admin.
pub fn admin_player() -> String {
    token_with(json!({"sub": "boss", "roles": ["admin"]}))
}

pub fn sign(claims: &Value, secret: &str) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::new(Algorithm::HS256), claims, &key).expect("a token")
}
