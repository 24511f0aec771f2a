//! Percent-encoding, read strictly: anything that cannot be decoded to UTF-8 is refused.

use std::borrow::Cow;

use myashes_domain::Error;

fn broken() -> Error {
    Error::Unreadable("The address holds a broken percent-encoding".into())
}

/// Decodes one name or value of a query string, where `+` stands for a space.
///
/// # Errors
/// [`Error::Unreadable`] for a broken percent-encoding.
pub fn decode_query(raw: &str) -> Result<Cow<'_, str>, Error> {
    if !raw.bytes().any(|b| b == b'%' || b == b'+') {
        return Ok(Cow::Borrowed(raw));
    }
    decode(raw, true).map(Cow::Owned)
}

/// Refuses a path that cannot be decoded, or that holds NUL.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn check_path(path: &str) -> Result<(), Error> {
    if !path.contains('%') {
        return Ok(());
    }
    if decode(path, false)?.contains('\0') {
        return Err(Error::Unreadable("The address holds the NUL character".into()));
    }
    Ok(())
}

fn decode(raw: &str, plus_is_space: bool) -> Result<String, Error> {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || Some(char::from(bytes.next()?).to_digit(16)? as u8);
                let value = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                decoded.push(value.ok_or_else(broken)?);
            }
            b'+' if plus_is_space => decoded.push(b' '),
            other => decoded.push(other),
        }
    }
    String::from_utf8(decoded).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_encodings_are_decoded() {
        assert_eq!(decode_query("a+b%20%C3%A9%2B").unwrap(), "a b é+");
        assert_eq!(decode_query("plain").unwrap(), "plain");
        assert!(check_path("/builds/a%20b+c").is_ok());
    }

    #[test]
    fn broken_ones_are_refused() {
        for raw in ["%", "%2", "%zz", "%ff", "%C3"] {
            assert!(decode_query(raw).is_err(), "{raw}");
            assert!(check_path(raw).is_err(), "{raw}");
        }
        assert!(check_path("/builds/%00").is_err());
    }
}
