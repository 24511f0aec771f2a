//! Keys of every kind, made afresh, and tokens signed with them.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// Where [`myashes_testkit::ManualClock`] stands at first, in seconds since 1970.
pub const START: i64 = 1_768_383_000;
pub const ISSUER: &str = "https://id.example";
pub const AUDIENCE: &str = "myashes";

/// A private key and the name it is published under.
pub struct Signer {
    key: EncodingKey,
    algorithm: Algorithm,
    kid: String,
}

impl Signer {
    pub fn new(algorithm: Algorithm, kid: &str) -> Self {
        let random = SystemRandom::new();
        let key = match algorithm {
            Algorithm::RS256 | Algorithm::PS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
                // PKCS#1 lies within PKCS#8 as the last octet string; the library reads either.
                let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
                EncodingKey::from_rsa_der(&pkcs1(der.as_ref()))
            }
            Algorithm::ES256 => {
                let document =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
                EncodingKey::from_ec_der(document.as_ref())
            }
            Algorithm::EdDSA => {
                let document = Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
                EncodingKey::from_ed_der(document.as_ref())
            }
            other => panic!("no test signs with {other:?}"),
        };
        Self { key, algorithm, kid: kid.to_owned() }
    }

    /// The public half, as an issuer publishes it.
    pub fn published(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.clone());
        serde_json::to_value(jwk).unwrap()
    }

    pub fn key(&self) -> &EncodingKey {
        &self.key
    }

    pub fn sign(&self, claims: &Value) -> String {
        sign(self.algorithm, Some(&self.kid), &self.key, claims)
    }

    pub fn sign_without_kid(&self, claims: &Value) -> String {
        sign(self.algorithm, None, &self.key, claims)
    }
}

pub fn sign(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// Signed with a shared secret.
pub fn hs256(secret: &[u8], claims: &Value) -> String {
    sign(Algorithm::HS256, None, &EncodingKey::from_secret(secret), claims)
}

/// Claims of a token that is good for five minutes.
pub fn claims() -> Value {
    json!({"sub": "p1", "iss": ISSUER, "aud": AUDIENCE, "exp": START + 300})
}

/// [`claims`] with some of them changed; `null` takes one away.
pub fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// The content of the last element of a PKCS#8 v1 document: its header has a fixed length for keys of this
/// size (version 3, algorithm 15, tag and length 4, outer tag and length 4).
fn pkcs1(pkcs8: &[u8]) -> Vec<u8> {
    pkcs8[26..].to_vec()
}
