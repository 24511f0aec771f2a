//! What production and stage refuse, and what they accept.

use super::tests::{env, load, refusal};
use super::*;

/// Settings that production accepts; tests make one at a time invalid.
const PRODUCTION: &[(&str, &str)] = &[
    ("ENV", "production"),
    ("DATABASE_URL", "postgres://u:p@db/myashes"),
    ("TRUSTED_PROXIES", "10.0.0.0/8"),
    ("JWT_JWKS_URL", "https://id.example/jwks"),
    ("JWT_ISSUER", "https://id.example"),
    ("JWT_AUDIENCE", "myashes"),
    ("IDENTITY_URL", "http://identity.auth.svc.cluster.local:8080"),
];

fn production_with(changes: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let mut all = env(PRODUCTION);
    for (name, value) in changes {
        all.insert((*name).to_owned(), (*value).to_owned());
    }
    let settings = Settings::load(None, &all)?;
    settings.check_serving()?;
    Ok(settings)
}

#[test]
fn production_starts_with_settings_that_are_safe() {
    let settings = production_with(&[]).unwrap();
    assert_eq!(settings.privacy.popular_min_callers, 3);
    assert_eq!(settings.telemetry.log_format, LogFormat::Json);
    assert_eq!(
        settings.web.cors,
        CorsOrigins::Only(vec!["https://myashes.ai".into(), "https://www.myashes.ai".into()])
    );
}

/// A variable that is refused, and what makes it unsafe.
const UNSAFE: &[(&str, &[(&str, &str)])] = &[
    ("BACKEND_CORS_ORIGINS", &[("BACKEND_CORS_ORIGINS", "*")]),
    ("BACKEND_CORS_ORIGINS", &[("BACKEND_CORS_ORIGINS", "https://a.b,*")]),
    ("BACKEND_CORS_ORIGINS", &[("BACKEND_CORS_ORIGINS", "https://*.a.b")]),
    ("BACKEND_CORS_ORIGINS", &[("BACKEND_CORS_ORIGINS", "https://a.b,http://a.b")]),
    ("WEBSITE_URL", &[("WEBSITE_URL", "http://myashes.ai")]),
    ("DATABASE_URL", &[("DATABASE_URL", "sqlite://data/myashes.db")]),
    ("DATABASE_URL", &[("DATABASE_URL", "")]),
    ("TRUSTED_PROXIES", &[("TRUSTED_PROXIES", "")]),
    ("JWT_HS256_SECRET", &[("JWT_JWKS_URL", ""), ("JWT_HS256_SECRET", "0123456789abcdef0123456789abcde")]),
    ("JWT_ISSUER", &[("JWT_ISSUER", "")]),
    ("JWT_AUDIENCE", &[("JWT_AUDIENCE", "")]),
    ("JWT_JWKS_URL", &[("JWT_JWKS_URL", "http://id.example/jwks")]),
    ("IDENTITY_URL", &[("IDENTITY_URL", "http://id.example")]),
    ("ADMIN_TOKEN", &[("ADMIN_TOKEN", "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME")]),
    ("DATABASE_URL", &[("DATABASE_URL", "postgres://u:changeme@db/x")]),
    (
        "POSTGRES_PASSWORD",
        &[("DATABASE_URL", ""), ("POSTGRES_HOST", "db"), ("POSTGRES_PASSWORD", "CHANGE_ME")],
    ),
    ("REDIS_PASSWORD", &[("REDIS_HOST", "r"), ("REDIS_PASSWORD", "ChangeMe")]),
    ("REDIS_URL", &[("REDIS_URL", "redis://:change-me@r")]),
    ("WEBSITE_URL", &[("WEBSITE_URL", "https://CHANGE_ME")]),
    ("JWT_ISSUER", &[("JWT_ISSUER", "changeme")]),
    ("ADMIN_STEAM_IDS", &[("ADMIN_STEAM_IDS", "CHANGE_ME")]),
    ("DATABASE_URL", &[("DATABASE_URL", "postgres://u:p@db.example/x?sslmode=disable")]),
    (
        "DATABASE_URL",
        &[("DATABASE_URL", "postgres://u:p@db.example:5432/x?application_name=a&sslmode=prefer")],
    ),
    ("DATABASE_READ_URL", &[("DATABASE_READ_URL", "postgres://u:p@replica.example/x?sslmode=disable")]),
    (
        "JWT_HS256_SECRET",
        &[("JWT_JWKS_URL", ""), ("JWT_HS256_SECRET", "changeme-changeme-changeme-changeme")],
    ),
];

#[test]
fn production_refuses_what_is_unsafe_and_names_it() {
    for (name, changes) in UNSAFE {
        let line = production_with(changes).expect_err(name).to_string();
        assert!(line.starts_with(name) && !line.contains('\n'), "{changes:?}: {line}");
    }
}

#[test]
fn production_accepts_the_documented_exceptions() {
    let fine: &[&[(&str, &str)]] = &[
        &[("DATABASE_URL", "sqlite://data/x.db"), ("ALLOW_SQLITE_IN_PRODUCTION", "true")],
        &[("TRUSTED_PROXIES", "none")],
        &[("TRUSTED_PROXIES", ""), ("RATE_LIMIT_ENABLED", "false")],
        &[("BACKEND_CORS_ORIGINS", "")],
        &[("DATABASE_URL", "postgres://u:p@db.data.svc.cluster.local/x?sslmode=disable")],
        &[("DATABASE_URL", "postgres://u:p@[::1]:5432/x?sslmode=disable")],
        &[("DATABASE_URL", "postgres://u:p@db.example/x?sslmode=verify-full")],
        &[("JWT_JWKS_URL", "http://id.auth.svc/jwks")],
        &[("JWT_JWKS_URL", "http://127.0.0.1:9/jwks")],
        &[("JWT_JWKS_URL", ""), ("JWT_HS256_SECRET", "0123456789abcdef0123456789abcdef")],
    ];
    for changes in fine {
        production_with(changes).unwrap_or_else(|line| panic!("{changes:?}: {line}"));
    }
}

/// Row 14 of the security review.
#[test]
fn stage_refuses_what_production_refuses() {
    for (name, changes) in UNSAFE {
        let changes: Vec<_> = [("ENV", "stage")].into_iter().chain(changes.iter().copied()).collect();
        let line = production_with(&changes).expect_err(name).to_string();
        assert!(line.starts_with(name) && !line.contains("production"), "{changes:?}: {line}");
    }
}

/// Row 14 of the security review.
#[test]
fn stage_names_how_it_differs_from_production() {
    for changes in [
        vec![("ENV", "stage")],
        vec![("ENV", "stage"), ("BACKEND_CORS_ORIGINS", "https://s.example,http://localhost:3000")],
    ] {
        let settings = production_with(&changes).unwrap();
        let named = settings.warnings.iter().filter(|line| line.starts_with("BACKEND_CORS_ORIGINS")).count();
        assert_eq!(named, 1, "{:?}", settings.warnings);
    }
    let alike = production_with(&[("ENV", "stage"), ("BACKEND_CORS_ORIGINS", "https://s.example")]).unwrap();
    assert!(alike.warnings.is_empty(), "{:?}", alike.warnings);
    assert!(production_with(&[]).unwrap().warnings.is_empty());
}

/// Row 14 of the security review.
#[test]
fn an_absent_sslmode_is_require_outside_of_the_cluster() {
    let url = |environment: &str, url: &str| {
        let settings =
            production_with(&[("ENV", environment), ("DATABASE_URL", url), ("DATABASE_READ_URL", url)]);
        let database = settings.unwrap().database;
        assert_eq!(database.read_url.unwrap().expose(), database.url.expose());
        database.url.expose().to_owned()
    };
    for environment in ["stage", "production"] {
        for (given, expected) in [
            ("postgres://u:p@db.example/x", "postgres://u:p@db.example/x?sslmode=require"),
            (
                "postgres://u:p@db/x?application_name=a",
                "postgres://u:p@db/x?application_name=a&sslmode=require",
            ),
            (
                "postgres://u:p@db.example/x?sslmode=verify-full",
                "postgres://u:p@db.example/x?sslmode=verify-full",
            ),
            ("postgres://u:p@127.0.0.1:5432/x", "postgres://u:p@127.0.0.1:5432/x?sslmode=prefer"),
            ("postgres://u:p@db.data.svc/x", "postgres://u:p@db.data.svc/x?sslmode=prefer"),
        ] {
            assert_eq!(url(environment, given), expected, "{environment}");
        }
    }
    let parts = [("DATABASE_URL", ""), ("POSTGRES_HOST", "db.example"), ("POSTGRES_PASSWORD", "p@?#/")];
    assert!(production_with(&parts).unwrap().database.url.expose().ends_with("/myashes?sslmode=require"));
    let laptop = load(&[("DATABASE_URL", "postgres://u:p@db/x")]).unwrap();
    assert_eq!(laptop.database.url.expose(), "postgres://u:p@db/x");
}

#[test]
fn production_refuses_proxies_of_half_the_internet() {
    let safe = [
        ("ENV", "production"),
        ("DATABASE_URL", "postgres://u:p@127.0.0.1/d"),
        ("WEBSITE_URL", "https://myashes.ai"),
    ];
    let with = |proxies: &'static str| [&safe[..], &[("TRUSTED_PROXIES", proxies)]].concat();
    for wide in ["0.0.0.0/0", "10.0.0.0/8,128.0.0.0/1", "::/0", "2000::/3", "fd00::/8", "10.0.0.0/7"] {
        let line = refusal(&with(wide));
        assert!(line.starts_with("TRUSTED_PROXIES") && line.contains("/8") && line.contains("/16"), "{line}");
    }
    for narrow in ["10.0.0.0/8", "fd00::/16", "192.0.2.1,2001:db8::/32", "none"] {
        load(&with(narrow)).unwrap();
    }
    load(&[("TRUSTED_PROXIES", "0.0.0.0/0")]).unwrap();
}
