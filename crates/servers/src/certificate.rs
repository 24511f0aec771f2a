//! Certificates for tests, made by the `openssl` of this machine.

use std::path::Path;
use std::process::Command;

use crate::skip_without;

/// Writes a certificate for `host` and this machine that no authority has signed, and its key. `None` without `openssl`.
///
/// # Panics
/// When `openssl` fails.
pub fn self_signed_certificate(host: &str, certificate: &Path, key: &Path) -> Option<()> {
    let mut openssl = Command::new("openssl");
    let options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1";
    openssl.args(options.split(' '));
    openssl.args(["-subj", &format!("/CN={host}"), "-addext"]);
    openssl.arg(format!("subjectAltName=DNS:{host},IP:127.0.0.1"));
    openssl.arg("-keyout").arg(key).arg("-out").arg(certificate);
    let Ok(made) = openssl.output() else { return skip_without("openssl") };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(())
}
