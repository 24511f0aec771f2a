//! `Idempotency-Key`: parsing it, and the caller it belongs to.
//!
//! The answer of a write is stored by its repository in the write's own transaction; see
//! [`myashes_domain::write_options`].

use actix_web::HttpRequest;
use actix_web::http::Method;
use myashes_domain::clock::Clock;
use myashes_domain::write_options::IdempotencyKey;
use myashes_domain::{Error, FieldError, FieldErrors};
use sha2::{Digest, Sha256};

use super::context::RequestContext;

const FIELD: &str = "Idempotency-Key";
const LONGEST: usize = 255;

/// The key of a POST with this body, `None` when it carries none.
///
/// # Errors
/// [`Error::Invalid`] for a malformed key, or one without a caller to store it for: a session that was made for
/// this very request would not be recognised again.
pub fn key(
    request: &HttpRequest,
    context: &RequestContext,
    body: &[u8],
    clock: &dyn Clock,
) -> Result<Option<IdempotencyKey>, Error> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let mut sent = request.headers().get_all("idempotency-key");
    let Some(header) = sent.next() else { return Ok(None) };
    let fault =
        |code, message: &str| Error::Invalid(FieldErrors(vec![FieldError::new(FIELD, code, message)]));
    if sent.next().is_some() {
        return Err(fault("duplicate", "appears more than once"));
    }
    let bytes = header.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST || !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(fault("format", "must be 1 to 255 visible ASCII characters"));
    }
    let caller = context.caller();
    if caller.player.is_none() && context.minted {
        return Err(fault("session_required", "needs an X-Session-ID or a player to be kept for"));
    }
    let fingerprint = Sha256::new()
        .chain_update(request.method().as_str())
        .chain_update([0])
        .chain_update(request.path())
        .chain_update([0])
        .chain_update(body)
        .finalize();
    Ok(Some(IdempotencyKey {
        caller: caller.fingerprint(),
        key: String::from_utf8_lossy(bytes).into_owned(),
        fingerprint: fingerprint.into(),
        at: clock.now(),
    }))
}
