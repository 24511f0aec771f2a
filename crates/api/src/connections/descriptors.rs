//! How many files and sockets this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Reserved for everything but clients: databases, Redis, logs.
const RESERVED: u64 = 256;

/// Raises the soft limit to the hard one: the usual 1,024 are for programs that use `select`. Returns the limit.
pub fn raise_limit() -> u64 {
    let before = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: before.maximum, maximum: before.maximum });
    let limit = limit();
    match raised {
        Ok(()) => tracing::info!(limit, before = before.current, "open files and sockets"),
        Err(error) => tracing::warn!(limit, %error, "the limit of open files and sockets stays as it is"),
    }
    limit
}

/// How many connections of clients there may be.
#[must_use]
pub fn most_connections() -> usize {
    usize::try_from(limit().saturating_sub(RESERVED)).unwrap_or(usize::MAX)
}

fn limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_raised_to_the_hard_one() {
        assert_eq!(Some(raise_limit()).filter(|it| *it < u64::MAX), getrlimit(Resource::Nofile).maximum);
        assert!(most_connections() as u64 <= limit());
    }
}
