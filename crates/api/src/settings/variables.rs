//! Every variable the service reads, in one table. The layers of the configuration, `.env.example` and the
//! README are checked against it.

/// What a variable is when nobody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// This value, read as if it had been set.
    Value(&'static str),
    /// It depends on other settings; the text says how.
    Depends(&'static str),
    Unset,
}

/// One variable. In a TOML file it has the same name in lower case, where a table's name may stand for the
/// beginning of it: `[rate_limit] reads = 300` is `RATE_LIMIT_READS=300`.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub default: Fallback,
    pub meaning: &'static str,
    /// A secret may come from the file named by `<NAME>_FILE`, and is never printed.
    pub secret: bool,
}

use Fallback::{Depends, Unset, Value};

const fn open(name: &'static str, default: Fallback, meaning: &'static str) -> Variable {
    Variable { name, default, meaning, secret: false }
}

const fn secret(name: &'static str, default: Fallback, meaning: &'static str) -> Variable {
    Variable { name, default, meaning, secret: true }
}

/// See the module.
pub const VARIABLES: &[Variable] = &[
    open("ENV", Value("development"), "development, stage or production"),
    open("HOST", Value("127.0.0.1"), "address to listen on"),
    open("PORT", Value("8000"), "port to listen on; 0 takes a free one"),
    open("METRICS_ADDR", Unset, "address and port of a separate listener for /metrics"),
    open("SHUTDOWN_GRACE", Value("30s"), "how long a shutdown waits for requests that are running"),
    open("WEBSITE_URL", Value("https://myashes.ai"), "the site that share links point to"),
    open(
        "BACKEND_CORS_ORIGINS",
        Depends("the site's origins; outside of production the usual local ones too"),
        "origins that browsers may call from; set but empty: no CORS headers at all",
    ),
    open("DOCS_ENABLED", Value("true"), "serve /docs and the OpenAPI document"),
    open("GAME_PACK", Unset, "path of a game data file; unset: the one inside the binary"),
    secret(
        "DATABASE_URL",
        Depends("built from POSTGRES_* when POSTGRES_HOST is set, else sqlite://data/myashes.db"),
        "postgres://, postgresql:// or sqlite://",
    ),
    open("POSTGRES_HOST", Unset, "host to build DATABASE_URL from"),
    open("POSTGRES_PORT", Value("5432"), "port to build DATABASE_URL from"),
    open("POSTGRES_USER", Value("myashes"), "user to build DATABASE_URL from"),
    secret("POSTGRES_PASSWORD", Unset, "password to build DATABASE_URL from"),
    open("POSTGRES_DB", Value("myashes"), "database to build DATABASE_URL from"),
    secret("DATABASE_READ_URL", Unset, "a replica for public lists and reports, which may lag"),
    open("DB_POOL_SIZE", Value("16"), "connections kept to the database"),
    open("DB_POOL_TIMEOUT", Value("3s"), "longest wait for a connection"),
    open("DB_STATEMENT_TIMEOUT", Value("5s"), "longest run of a statement"),
    open(
        "MIGRATE_ON_START",
        Depends("true for SQLite, false for PostgreSQL"),
        "apply pending migrations before serving",
    ),
    open("ALLOW_SQLITE_IN_PRODUCTION", Value("false"), "let ENV=production run on SQLite"),
    secret("IMPORT_URL", Unset, "the database that `myashes import` reads from"),
    secret(
        "REDIS_URL",
        Depends("built from REDIS_* when REDIS_HOST is set, else no Redis"),
        "redis:// or rediss://, shared cache and limits; without it both live in the process",
    ),
    open("REDIS_HOST", Unset, "host to build REDIS_URL from"),
    open("REDIS_PORT", Value("6379"), "port to build REDIS_URL from"),
    secret("REDIS_PASSWORD", Unset, "password to build REDIS_URL from"),
    open("REDIS_DB", Value("0"), "database number to build REDIS_URL from"),
    open("AUTH_REQUIRED_FOR_WRITES", Value("false"), "build and vote writes need a player"),
    open("AUTH_TOKEN_CACHE_TTL", Value("300"), "how long the identity platform's answer is kept"),
    open("JWT_ISSUER", Unset, "`iss` that tokens must carry"),
    open("JWT_AUDIENCE", Unset, "`aud` that tokens must carry"),
    open("JWT_JWKS_URL", Unset, "where the keys that sign tokens are published"),
    secret("JWT_HS256_SECRET", Unset, "shared secret that signs tokens, instead of JWT_JWKS_URL"),
    open("IDENTITY_URL", Unset, "identity platform that checks opaque tokens (older name: PAM_PLATFORM_URL)"),
    open(
        "IDENTITY_TIMEOUT",
        Value("5s"),
        "longest wait for the identity platform or the keys (older name: PAM_PLATFORM_TIMEOUT)",
    ),
    secret("ADMIN_TOKEN", Unset, "admin credential for X-Admin-Token, 32 characters or more"),
    open("ADMIN_STEAM_IDS", Unset, "Steam ids of players who are administrators"),
    open("TRUSTED_PROXIES", Unset, "CIDRs whose X-Forwarded-For is believed, or none"),
    open("RATE_LIMIT_ENABLED", Value("true"), "limit requests per address and caller"),
    open("RATE_LIMIT_READS", Value("300"), "single reads per minute"),
    open("RATE_LIMIT_LISTS", Value("120"), "lists and reports per minute"),
    open("RATE_LIMIT_WRITES", Value("60"), "other writes per minute"),
    open("RATE_LIMIT_CREATES", Value("20"), "new builds per minute"),
    open("RATE_LIMIT_VOTES", Value("60"), "vote writes per minute"),
    open(
        "RATE_LIMIT_BUILD_VOTES",
        Value("60"),
        "first votes of anonymous sessions per hour, build and address",
    ),
    open("RATE_LIMIT_TRUSTED_CLIENTS", Unset, "CIDRs that skip the address limit"),
    open("RETENTION_SEARCH_DAYS", Value("90"), "days to keep searches; 0 keeps them"),
    open("RETENTION_FEEDBACK_DAYS", Value("365"), "days to keep feedback; 0 keeps it"),
    open(
        "POPULAR_MIN_CALLERS",
        Depends("3 in production, else 1"),
        "distinct callers a query needs before it is shown as popular",
    ),
    open("RATING_PRIOR_MEAN", Value("3.5"), "stars a build is assumed to have before any vote"),
    open("RATING_PRIOR_WEIGHT", Value("8"), "votes that this assumption weighs"),
    open("TRENDING_HALF_LIFE", Value("3d"), "after this a vote counts half in the trend"),
    open(
        "LOG_LEVEL",
        Value("info"),
        "error, warn, info, debug or trace, or a filter such as info,myashes_api=debug",
    ),
    open("LOG_FORMAT", Depends("pretty in development, else json"), "pretty or json"),
    open(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        Unset,
        "where traces are sent: a collector's base URL for OTLP over HTTP",
    ),
];

/// Names of the service being replaced, and what they are called here.
pub(super) const OLDER_NAMES: &[(&str, &str)] =
    &[("PAM_PLATFORM_URL", "IDENTITY_URL"), ("PAM_PLATFORM_TIMEOUT", "IDENTITY_TIMEOUT")];

/// The variable called `name`, in capitals.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}
