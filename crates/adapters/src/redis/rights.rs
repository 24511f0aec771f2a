//! What the service does in Redis, and which rights of its user each needs (Redis's ACL).

use ::redis::{Client, ErrorKind, IntoConnectionInfo as _, RedisError, RedisResult};
/// What every channel's name begins with; the number of the database follows, since channels know none.
const CHANNEL: &str = "myashes:changed:";

/// A client that sends nothing but what [`Purpose`] lists: it does not give the name of its library, for which its user
/// might have no right.
pub fn client(url: &str) -> RedisResult<Client> {
    let at = url.into_connection_info()?;
    let settings = at.redis_settings().clone().set_skip_set_lib_name();
    Client::open(at.set_redis_settings(settings))
}

/// What commands are sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    Ping,
    Limits,
    Shares,
    Publish,
    Subscribe,
}

impl Purpose {
    /// The command that is refused, and the rights it needs.
    fn command(self) -> (&'static str, String) {
        match self {
            Self::Ping => ("PING", "+ping".to_owned()),
            Self::Limits => ("EVALSHA", "~myashes:* +evalsha +script|load +time +get +set".to_owned()),
            Self::Shares => {
                ("EVALSHA", "~myashes:* +evalsha +script|load +hget +hlen +hset +pexpire +del".to_owned())
            }
            Self::Publish => ("PUBLISH", format!("&{CHANNEL}* +publish")),
            Self::Subscribe => ("SUBSCRIBE", format!("&{CHANNEL}* +subscribe +unsubscribe")),
        }
    }
}

/// The channel on which the replicas that share a database tell each other what has changed.
pub fn channel(client: &Client) -> String {
    format!("{CHANNEL}{}", client.get_connection_info().redis_settings().db())
}

/// Why a command was refused, and the rights to grant when it is for want of them.
pub fn explain_refusal(purpose: Purpose, user: &str, error: &RedisError) -> String {
    let (command, rights) = purpose.command();
    if error.code() == Some("NOPERM") {
        format!("Redis refuses {command} for want of a right; grant it with: ACL SETUSER {user} {rights}")
    } else {
        format!("Redis refuses {command}")
    }
}

/// Whether Redis does not know the user, or not by this password.
pub fn is_denied(error: &RedisError) -> bool {
    error.kind() == ErrorKind::AuthenticationFailed
        || error.code().is_some_and(|code| matches!(code, "WRONGPASS" | "NOAUTH"))
}

/// The user that a connection is made as.
pub fn user(client: &Client) -> String {
    let settings = client.get_connection_info().redis_settings();
    settings.username().unwrap_or("default").to_owned()
}

/// Address, user and database, for operators.
pub fn place(client: &Client) -> String {
    let at = client.get_connection_info();
    format!("{} as user {}, database {}", at.addr(), user(client), at.redis_settings().db())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_all_but_the_password() {
        let at = client("redis://me:hunter2@cache:6380/2").unwrap();
        assert_eq!(place(&at), "cache:6380 as user me, database 2");
        let at = client("rediss://:hunter2@cache").unwrap();
        assert_eq!(place(&at), "cache:6379 as user default, database 0");
    }
}
