//! Every variable the service reads, declared once: its name, type, range, default and meaning. `.env.example` and the
//! README are checked against the names.

use std::fmt::Display;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use myashes_domain::analytics::MAX_MIN_CALLERS;

use super::Environment;
use super::identity::{STRONG_TOKEN, parse_admin_token, parse_jwks_url, parse_steam_id};
use super::limits::parse_proxy;
use super::secret::Secret;
use super::telemetry::{LogFormat, parse_filter};
use super::values::{
    parse_bool, parse_duration, parse_host, parse_http_url, parse_network, parse_origin_or_any,
    parse_pages_url, parse_redis_url, show_duration,
};

/// The value of a variable that is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultValue {
    /// This value, read as if it had been set.
    Value(&'static str),
    /// It depends on other settings; the text says how.
    Depends(&'static str),
    Unset,
}

/// A variable as documentation and sources of values see it. In a TOML file it has the same name in lower case, where a
/// table's name may stand for the beginning of it: `[rate_limit] reads = 300` is `RATE_LIMIT_READS=300`.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub default: DefaultValue,
    pub meaning: &'static str,
    /// A secret may come from the file named by `<NAME>_FILE`, and is never printed.
    pub secret: bool,
}

/// A variable and how its text, or each item of a list, is read.
pub(super) struct Var<T> {
    pub(super) variable: Variable,
    pub(super) kind: VariableKind<T>,
}

pub(super) struct VariableKind<T> {
    /// What is accepted, for errors.
    expected: &'static str,
    pub(super) parse: fn(&str) -> Option<T>,
    range: Option<Range<T>>,
    secret: bool,
}

struct Range<T> {
    least: T,
    most: T,
    holds: fn(&T, &T, &T) -> bool,
    show: fn(&T) -> String,
}

impl<T> VariableKind<T> {
    /// The value of a text, if it is accepted.
    pub(super) fn read(&self, text: &str) -> Option<T> {
        let value = (self.parse)(text)?;
        let within = self.range.as_ref().is_none_or(|it| (it.holds)(&it.least, &value, &it.most));
        within.then_some(value)
    }

    pub(super) fn expected(&self) -> String {
        match &self.range {
            Some(it) => format!("{} from {} to {}", self.expected, (it.show)(&it.least), (it.show)(&it.most)),
            None => self.expected.to_owned(),
        }
    }
}

const fn parsed<T>(expected: &'static str, parse: fn(&str) -> Option<T>) -> VariableKind<T> {
    VariableKind { expected, parse, range: None, secret: false }
}

const fn text() -> VariableKind<String> {
    parsed("one value", |text| Some(text.to_owned()))
}

const fn secret(expected: &'static str, parse: fn(&str) -> Option<Secret>) -> VariableKind<Secret> {
    VariableKind { expected, parse, range: None, secret: true }
}

const fn secret_text() -> VariableKind<Secret> {
    secret("one value", |text| Some(Secret::new(text)))
}

const fn boolean() -> VariableKind<bool> {
    parsed("true or false", parse_bool)
}

const fn number<T: FromStr + PartialOrd + Display>(least: T, most: T) -> VariableKind<T> {
    let range = Range { least, most, holds: |least, it, most| least <= it && it <= most, show: T::to_string };
    VariableKind { expected: "a number", parse: |text| text.parse().ok(), range: Some(range), secret: false }
}

const fn duration(least: Duration, most: Duration) -> VariableKind<Duration> {
    let holds = |least: &Duration, it: &Duration, most: &Duration| least <= it && it <= most;
    let range = Range { least, most, holds, show: |it| show_duration(*it) };
    let expected = "a duration such as 30, 30s, 500ms or 3d,";
    VariableKind { expected, parse: parse_duration, range: Some(range), secret: false }
}

macro_rules! variables {
    ($($name:ident: $type:ty = $kind:expr, $default:expr, $meaning:expr;)*) => {
        $(pub(super) static $name: Var<$type> = {
            let kind: VariableKind<$type> = $kind;
            let (name, secret) = (stringify!($name), kind.secret);
            Var { variable: Variable { name, default: $default, meaning: $meaning, secret }, kind }
        };)*

        /// All variables.
        pub static VARIABLES: &[&Variable] = &[$(&$name.variable),*];
    };
}

use DefaultValue::{Depends, Unset, Value};

const HOST_NAME: &str = "an IP address or a host name";
const HTTP_URL: &str = "an http or https URL without user and query";
const PAGES_URL: &str = "an http or https URL without user and query, whose path is not one of the API";
const NETWORKS: &str = "networks such as 10.0.0.0/8 with commas between";
const DAY: u64 = 86_400;

const fn limit() -> VariableKind<u32> {
    number(1, 1_000_000)
}

const fn days() -> VariableKind<u32> {
    number(0, 36_500)
}

const fn millis(amount: u64) -> Duration {
    Duration::from_millis(amount)
}

const fn seconds(amount: u64) -> Duration {
    Duration::from_secs(amount)
}

variables! {
    ENV: Environment = parsed("development, stage or production", |text| text.parse().ok()), Value("development"),
        "development, stage or production";
    HOST: String = parsed(HOST_NAME, parse_host), Value("127.0.0.1"), "address to listen on";
    PORT: u16 = number(0, u16::MAX), Value("8000"), "port to listen on; 0 takes a free one";
    METRICS_ADDR: SocketAddr =
        parsed("an address with a port such as 0.0.0.0:9090", |text| text.parse().ok()), Unset,
        "address and port of a separate listener for /metrics";
    REQUEST_TIMEOUT: Duration = duration(millis(100), seconds(600)), Value("8s"),
        "longest time from the last byte of a request to its answer; exports are exempt";
    SHUTDOWN_GRACE: Duration = duration(Duration::ZERO, seconds(600)), Value("30s"),
        "how long a shutdown waits for requests that are running";
    WEBSITE_URL: String = parsed("an http or https URL", parse_http_url), Value("https://myashes.ai"),
        "the site that share links point to";
    BACKEND_CORS_ORIGINS: String =
        parsed("origins such as https://myashes.ai, without path and wildcard", parse_origin_or_any),
        Depends("the site's origins; outside of production the usual local ones too"),
        "origins that browsers may call from; set but empty: no CORS headers at all";
    PAGES_ENABLED: bool = boolean(), Value("true"), "serve the HTML pages; outside of development PUBLIC_URL, too";
    PUBLIC_URL: String = parsed(PAGES_URL, parse_pages_url), Unset,
        "public base URL of the HTML pages; its path is where they are mounted";
    DOCS_ENABLED: bool = boolean(), Value("true"), "serve /docs and the OpenAPI document";
    GAME_PACK: String = text(), Unset, "path of a game data file; unset: the one inside the binary";
    DATABASE_URL: Secret = secret_text(),
        Depends("built from POSTGRES_* when POSTGRES_HOST is set, else sqlite://data/myashes.db"),
        "postgres://, postgresql:// or sqlite://";
    POSTGRES_HOST: String = parsed(HOST_NAME, parse_host), Unset, "host to build DATABASE_URL from";
    POSTGRES_PORT: u16 = number(1, u16::MAX), Value("5432"), "port to build DATABASE_URL from";
    POSTGRES_USER: String = text(), Value("myashes"), "user to build DATABASE_URL from";
    POSTGRES_PASSWORD: Secret = secret_text(), Unset, "password to build DATABASE_URL from";
    POSTGRES_DB: String = text(), Value("myashes"), "database to build DATABASE_URL from";
    DATABASE_READ_URL: Secret = secret_text(), Unset, "a replica for public lists and reports, which may lag";
    DB_POOL_SIZE: usize = number(1, 1000), Value("16"), "connections kept to the database";
    DB_POOL_TIMEOUT: Duration = duration(millis(10), seconds(300)), Value("3s"),
        "longest wait for a connection";
    DB_STATEMENT_TIMEOUT: Duration = duration(millis(10), seconds(600)), Value("5s"),
        "longest run of a statement";
    MIGRATE_ON_START: bool = boolean(), Depends("true for SQLite, false for PostgreSQL"),
        "apply pending migrations before serving";
    ALLOW_SQLITE_IN_PRODUCTION: bool = boolean(), Value("false"), "let ENV=production run on SQLite";
    IMPORT_URL: Secret = secret_text(), Unset, "the database that `myashes import` reads from";
    EXPORT_URL: Secret = secret_text(), Unset, "the database that `myashes export` writes to";
    REDIS_URL: Secret = secret("redis:// or rediss://", parse_redis_url),
        Depends("built from REDIS_* when REDIS_HOST is set, else no Redis"),
        "redis:// or rediss://, limits and news of changes for all processes; without it each counts for itself";
    REDIS_HOST: String = parsed(HOST_NAME, parse_host), Unset, "host to build REDIS_URL from";
    REDIS_PORT: u16 = number(1, u16::MAX), Value("6379"), "port to build REDIS_URL from";
    REDIS_PASSWORD: Secret = secret_text(), Unset, "password to build REDIS_URL from";
    REDIS_DB: u32 = number(0, 1_000_000), Value("0"), "database number to build REDIS_URL from";
    AUTH_REQUIRED_FOR_WRITES: bool = boolean(), Value("false"), "build and vote writes need a player";
    AUTH_TOKEN_CACHE_TTL: Duration = duration(Duration::ZERO, seconds(DAY)), Value("300"),
        "how long the identity platform's answer is kept";
    JWT_ISSUER: String = text(), Unset, "`iss` that tokens must carry";
    JWT_AUDIENCE: String = text(), Unset, "`aud` that tokens must carry";
    JWT_JWKS_URL: String = parsed("an http or https URL without user", parse_jwks_url), Unset,
        "where the keys that sign tokens are published";
    JWT_HS256_SECRET: Secret = secret_text(), Unset,
        "shared secret that signs tokens, instead of JWT_JWKS_URL";
    IDENTITY_URL: String = parsed(HTTP_URL, parse_http_url), Unset,
        "identity platform that checks opaque tokens (older name: PAM_PLATFORM_URL)";
    IDENTITY_TIMEOUT: Duration = duration(millis(100), seconds(60)), Value("5s"),
        "longest wait for the identity platform or the keys (older name: PAM_PLATFORM_TIMEOUT)";
    ADMIN_TOKEN: Secret = secret(STRONG_TOKEN, parse_admin_token), Unset,
        "admin credential for X-Admin-Token, 32 characters or more";
    ADMIN_STEAM_IDS: String = parsed("Steam ids (digits) with commas between", parse_steam_id), Unset,
        "Steam ids of players who are administrators";
    TRUSTED_PROXIES: Option<IpNet> =
        parsed("networks such as 10.0.0.0/8 with commas between, or none", parse_proxy), Unset,
        "CIDRs whose X-Forwarded-For is believed, or none";
    RATE_LIMIT_ENABLED: bool = boolean(), Value("true"), "limit requests per address and caller";
    RATE_LIMIT_READS: u32 = limit(), Value("300"), "single reads per minute";
    RATE_LIMIT_LISTS: u32 = limit(), Value("120"), "lists and reports per minute";
    RATE_LIMIT_WRITES: u32 = limit(), Value("60"), "other writes per minute";
    RATE_LIMIT_CREATES: u32 = limit(), Value("20"), "new builds per minute";
    RATE_LIMIT_VOTES: u32 = limit(), Value("60"), "vote writes per minute";
    RATE_LIMIT_BUILD_VOTES: u32 = limit(), Value("60"),
        "first votes of anonymous sessions per hour, build and address";
    RATE_LIMIT_TRUSTED_CLIENTS: IpNet = parsed(NETWORKS, parse_network), Unset,
        "CIDRs that skip the address limit";
    RETENTION_SEARCH_DAYS: u32 = days(), Value("90"), "days to keep searches; 0 keeps them";
    RETENTION_FEEDBACK_DAYS: u32 = days(), Value("365"), "days to keep feedback; 0 keeps it";
    POPULAR_MIN_CALLERS: u32 = number(1, MAX_MIN_CALLERS), Depends("3 in production, else 1"),
        "distinct callers a query needs before it is shown as popular";
    RATING_PRIOR_MEAN: f64 = number(1.0, 5.0), Value("3.5"),
        "stars a build is assumed to have before any vote";
    RATING_PRIOR_WEIGHT: f64 = number(0.1, 10_000.0), Value("8"), "votes that this assumption weighs";
    // Below three hours a day's weights would leave the range in which doubles add up exactly enough.
    TRENDING_HALF_LIFE: Duration = duration(seconds(3 * 3600), seconds(365 * DAY)), Value("3d"),
        "after this a vote counts half in the trend";
    LOG_LEVEL: String =
        parsed("error, warn, info, debug, trace or off, or a filter such as info,myashes_api=debug", parse_filter),
        Value("info"), "error, warn, info, debug or trace, or a filter such as info,myashes_api=debug";
    LOG_FORMAT: LogFormat = parsed("pretty or json", |text| text.parse().ok()),
        Depends("pretty in development, else json"), "pretty or json";
    OTEL_EXPORTER_OTLP_ENDPOINT: String = parsed("an http or https URL", parse_http_url), Unset,
        "where traces are sent: a collector's base URL for OTLP over HTTP";
}

/// Names of the service being replaced, and what they are called here.
pub(super) static OLDER_NAMES: &[(&str, &str)] = &[
    ("PAM_PLATFORM_URL", IDENTITY_URL.variable.name),
    ("PAM_PLATFORM_TIMEOUT", IDENTITY_TIMEOUT.variable.name),
];

/// The variable called `name`, in capitals.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().copied().find(|variable| variable.name == name)
}
