//! The configuration as a whole: from variables and a file to settings or a one-line error.

use std::path::PathBuf;
use std::time::Duration;

use super::*;

pub(super) fn env(pairs: &[(&str, &str)]) -> EnvVars {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn load(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::load(None, &env(pairs))
}

pub(super) fn refusal(pairs: &[(&str, &str)]) -> String {
    let line = load(pairs).expect_err("these settings are refused").to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

/// A file of its own for one test, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("myashes-settings-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

fn load_file(name: &str, text: &str, pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let file = Scratch::new(name, text);
    Settings::load(Some(&file.0), &env(pairs))
}

#[test]
fn nothing_set_serves_on_loopback_with_sqlite() {
    let settings = load(&[]).unwrap();
    assert_eq!((settings.server.host.as_str(), settings.server.port), ("127.0.0.1", 8000));
    assert_eq!(settings.database.url.expose(), "sqlite://data/myashes.db");
    assert!(settings.database.migrate_on_start);
    assert!(settings.redis.is_none() && settings.identity.jwt.is_none());
    assert_eq!(settings.database.pool_timeout, Duration::from_secs(3));
    assert_eq!(settings.identity.token_cache_ttl, Duration::from_secs(300));
    assert_eq!(settings.ranking.half_life, Duration::from_secs(3 * 86_400));
    assert_eq!(settings.privacy.popular_min_callers, 1);
    let CorsOrigins::Only(origins) = settings.web.cors else { panic!("an allow-list") };
    assert_eq!(origins.len(), 5);
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_refused_by_the_name_of_its_variable() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    let of = |name: &str| texts([(name.into(), OsString::from_vec(b"true\xa0".into()))].into_iter());
    let refused = of("AUTH_REQUIRED_FOR_WRITES").expect_err("it is not left out").to_string();
    assert_eq!(refused, "AUTH_REQUIRED_FOR_WRITES: expected text in UTF-8");
    assert!(of("LS_COLORS").unwrap().is_empty(), "a variable of another program");
}

#[test]
fn a_variable_that_begins_like_ours_and_is_none_is_warned_about() {
    let warnings = |pairs: &[(&str, &str)]| load(pairs).unwrap().warnings;
    let found = warnings(&[("RATE_LIMIT_READ", "5")]);
    assert!(
        found[0].contains("RATE_LIMIT_READ is not") && found[0].contains("did you mean RATE_LIMIT_READS?"),
        "{found:?}"
    );
    let found = warnings(&[("DATABSE_URL", "x"), ("RATE_LIMIT_EVERYTHING", "5"), ("MYASHES_COLOUR", "red")]);
    assert_eq!(found.len(), 3, "{found:?}");
    let others = [
        ("HOME", "/"),
        ("HOSTNAME", "h"),
        ("PATH", "/bin"),
        ("LANG", "C"),
        ("POSTGRES_INITDB_ARGS", "x"),
        ("OTEL_RESOURCE_ATTRIBUTES", "x"),
        ("REDIS_PORT_6379_TCP", "tcp://10.0.0.1:6379"),
        ("MYASHES_SERVICE_HOST", "10.0.0.1"),
        ("MYASHES_PORT", "tcp://10.0.0.1:80"),
        ("LOG_LEVEL", "info"),
        ("PAM_PLATFORM_TIMEOUT", "5s"),
        ("MYASHES_CONFIG", ""),
    ];
    assert_eq!(warnings(&others), Vec::<String>::new());
}

#[test]
fn the_environment_overrides_the_file_and_the_file_the_defaults() {
    let text = "port = 9000\ndb_pool_size = 4\n[rate_limit]\nreads = 7\n";
    let settings = load_file("layers", text, &[("DB_POOL_SIZE", "5")]).unwrap();
    assert_eq!(settings.server.port, 9000);
    assert_eq!(settings.database.pool_size, 5);
    assert_eq!(settings.limits.reads, 7);
    assert_eq!(settings.limits.lists, 120);
}

#[test]
fn an_unknown_key_of_the_file_is_named() {
    let line = load_file("unknown", "prot = 9000\n", &[]).unwrap_err().to_string();
    assert!(line.contains("`prot`") && line.contains("did you mean `port`"), "{line}");
    let line = load_file("nested", "[jwt]\nissuers = 'x'\n", &[]).unwrap_err().to_string();
    assert!(line.contains("`jwt_issuers`") && line.contains("jwt_issuer`"), "{line}");
}

#[test]
fn a_file_that_is_absent_or_no_toml_stops_the_start() {
    let missing = Settings::load(None, &env(&[("MYASHES_CONFIG", "/nonexistent.toml")])).unwrap_err();
    assert!(missing.to_string().contains("MYASHES_CONFIG"), "{missing}");
    let broken = load_file("broken", "admin_token = 'hunter2", &[]).unwrap_err().to_string();
    assert!(!broken.contains('\n') && broken.contains("line 1"), "{broken}");
    assert!(!broken.contains("hunter2"), "{broken}");
}

#[test]
fn a_value_that_does_not_parse_is_named_with_what_was_expected() {
    let cases = [
        ("PORT", "eighty", "65535"),
        ("PORT", "70000", "65535"),
        ("ENV", "prod", "production"),
        ("METRICS_ADDR", "9090", "port"),
        ("DB_POOL_TIMEOUT", "soon", "500ms"),
        ("DB_POOL_TIMEOUT", "0", "10ms"),
        ("DB_POOL_SIZE", "0", "from 1"),
        ("DOCS_ENABLED", "maybe", "true or false"),
        ("RATING_PRIOR_MEAN", "6", "from 1 to 5"),
        ("RATING_PRIOR_WEIGHT", "NaN", "number"),
        ("TRENDING_HALF_LIFE", "2h", "3h"),
        ("POPULAR_MIN_CALLERS", "21", "from 1 to 20"),
        ("POPULAR_MIN_CALLERS", "0", "from 1 to 20"),
        ("RATE_LIMIT_READS", "-1", "from 1"),
        ("RATE_LIMIT_TRUSTED_CLIENTS", "10.0.0.0/33", "10.0.0.0/8"),
        ("TRUSTED_PROXIES", "none,10.0.0.0/8", "or none"),
        ("BACKEND_CORS_ORIGINS", "https://a.b/path", "without path"),
        ("BACKEND_CORS_ORIGINS", "[\"https://a.b\"", "origins"),
        ("ADMIN_STEAM_IDS", "me", "digits"),
        ("REDIS_URL", "memcached://x", "redis://"),
        ("DATABASE_URL", "mysql://x", "postgres://"),
        ("DATABASE_READ_URL", "postgres://x/y", "DATABASE_URL"),
        ("IDENTITY_URL", "id.example", "http"),
        ("LOG_LEVEL", "loud", "debug"),
        ("LOG_FORMAT", "xml", "json"),
        ("JWT_ISSUER", "me", "JWT_JWKS_URL"),
        ("HOST", "a b", "IP address"),
    ];
    for (name, value, expected) in cases {
        let line = refusal(&[(name, value)]);
        assert!(line.starts_with(name) && line.contains(expected), "{name}={value}: {line}");
    }
}

#[test]
fn a_refusal_says_where_the_value_came_from() {
    assert!(refusal(&[("PORT", "x")]).ends_with("got `x` (from the environment)"));
    let line = load_file("origin", "db_pool_size = 'many'", &[]).unwrap_err().to_string();
    assert!(line.contains("got `many` (from /") && line.ends_with("-origin)"), "{line}");
}

#[test]
fn an_admin_token_under_32_characters_refuses_to_start() {
    assert!(refusal(&[("ADMIN_TOKEN", &"x".repeat(31))]).starts_with("ADMIN_TOKEN"));
    assert!(load(&[("ADMIN_TOKEN", &"x".repeat(32))]).is_ok());
}

#[test]
fn no_line_and_no_debug_output_shows_a_secret() {
    for (name, value) in
        [("ADMIN_TOKEN", "hunter2"), ("REDIS_URL", "x://:hunter2@h"), ("DATABASE_URL", "hunter2")]
    {
        let line = refusal(&[(name, value)]);
        assert!(!line.contains("hunter2"), "{line}");
    }
    let shown = format!(
        "{:?}",
        load(&[
            ("DATABASE_URL", "postgres://u:hunter2@h/d"),
            ("REDIS_HOST", "r"),
            ("REDIS_PASSWORD", "hunter2"),
            ("JWT_HS256_SECRET", "hunter2"),
            ("IMPORT_URL", "postgres://u:hunter2@h/d"),
            ("EXPORT_URL", "postgres://u:hunter2@h/d"),
        ])
        .unwrap()
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn every_variable_marked_secret_can_come_from_a_file() {
    let values = [
        ("DATABASE_URL", "postgres://u@h/d"),
        ("REDIS_URL", "redis://h"),
        ("ADMIN_TOKEN", "0123456789abcdef0123456789abcdef"),
    ];
    for (name, value) in values {
        let file = Scratch::new(name, &format!("{value}\n"));
        let settings = load(&[(&format!("{name}_FILE"), file.0.to_str().unwrap())]).unwrap();
        let got = match name {
            "DATABASE_URL" => Some(settings.database.url),
            "REDIS_URL" => settings.redis,
            _ => settings.admin.token,
        };
        assert_eq!(got.unwrap().expose(), value);
    }
    let line = refusal(&[("ADMIN_TOKEN_FILE", "/nonexistent")]);
    assert!(line.starts_with("ADMIN_TOKEN_FILE"), "{line}");
    let line = refusal(&[("ADMIN_TOKEN_FILE", "/nonexistent"), ("ADMIN_TOKEN", "x")]);
    assert!(line.contains("keep one"), "{line}");
    let line = load_file("file-key", "port_file = '/x'", &[]).unwrap_err().to_string();
    assert!(line.contains("port_file"), "{line}");
}

#[test]
fn parts_make_a_url_with_everything_encoded() {
    let settings = load(&[
        ("POSTGRES_HOST", "db"),
        ("POSTGRES_USER", "my@user"),
        ("POSTGRES_PASSWORD", "p:w/d#"),
        ("POSTGRES_DB", "ashes"),
        ("REDIS_HOST", "cache"),
        ("REDIS_PASSWORD", "a@b"),
        ("REDIS_DB", "2"),
    ])
    .unwrap();
    assert_eq!(settings.database.url.expose(), "postgres://my%40user:p%3Aw%2Fd%23@db:5432/ashes");
    assert_eq!(settings.database.kind, DatabaseKind::Postgres);
    assert!(!settings.database.migrate_on_start);
    assert_eq!(settings.redis.unwrap().expose(), "redis://:a%40b@cache:6379/2");
}

#[test]
fn a_whole_url_wins_over_its_parts() {
    let settings = load(&[("POSTGRES_HOST", "db"), ("DATABASE_URL", "sqlite://x.db")]).unwrap();
    assert_eq!(settings.database.url.expose(), "sqlite://x.db");
}

#[test]
fn what_kubernetes_injects_is_ignored_with_a_warning() {
    let settings =
        load(&[("REDIS_HOST", "tcp://10.0.0.1:6379"), ("REDIS_PORT", "tcp://10.0.0.1:6379")]).unwrap();
    assert!(settings.redis.is_none());
    assert_eq!(settings.warnings.len(), 2);
    assert!(settings.warnings[0].starts_with("REDIS_HOST"), "{:?}", settings.warnings);
}

#[test]
fn lists_come_with_commas_or_as_json() {
    let only = |text: &str| load(&[("BACKEND_CORS_ORIGINS", text)]).unwrap().web.cors;
    let both = CorsOrigins::Only(vec!["https://a.b".into(), "http://c.d:1".into()]);
    assert_eq!(only("https://a.b, http://c.d:1"), both);
    assert_eq!(only("[\"https://a.b\", \"http://c.d:1\"]"), both);
    let file = load_file("list", "backend_cors_origins = ['https://a.b', 'http://c.d:1']", &[]).unwrap();
    assert_eq!(file.web.cors, both);
}

#[test]
fn origins_set_but_empty_turn_cors_off() {
    assert_eq!(load(&[("BACKEND_CORS_ORIGINS", "")]).unwrap().web.cors, CorsOrigins::Off);
    assert_eq!(load(&[("PORT", "")]).unwrap().server.port, 8000);
}

#[test]
fn trusted_proxies_tell_none_from_unset() {
    assert_eq!(load(&[]).unwrap().limits.trusted_proxies, None);
    assert_eq!(load(&[("TRUSTED_PROXIES", "none")]).unwrap().limits.trusted_proxies, Some(vec![]));
    let two = load(&[("TRUSTED_PROXIES", "10.0.0.0/8,::1")]).unwrap().limits.trusted_proxies;
    assert_eq!(two.unwrap().len(), 2);
}

#[test]
fn older_names_still_work() {
    let settings = load(&[("PAM_PLATFORM_URL", "http://id/"), ("PAM_PLATFORM_TIMEOUT", "2")]).unwrap();
    assert_eq!(settings.identity.platform_url.unwrap(), "http://id");
    assert_eq!(settings.identity.timeout, Duration::from_secs(2));
    let line = refusal(&[("PAM_PLATFORM_URL", "nonsense")]);
    assert!(line.contains("PAM_PLATFORM_URL"), "the name that is set: {line}");
    let line = refusal(&[("PAM_PLATFORM_URL", "http://id/"), ("IDENTITY_URL", "http://other/")]);
    assert!(line.contains("keep one"), "{line}");
    assert!(load(&[("PAM_PLATFORM_URL", "http://id/"), ("IDENTITY_URL", "http://id/")]).is_ok());
}

#[test]
fn a_secret_is_not_read_without_end() {
    let line = refusal(&[("ADMIN_TOKEN_FILE", "/dev/zero")]);
    assert!(line.contains("ADMIN_TOKEN_FILE") && line.contains("bytes"), "{line}");
}

#[test]
fn two_kinds_of_jwt_keys_are_refused() {
    let line = refusal(&[("JWT_JWKS_URL", "https://id/jwks"), ("JWT_HS256_SECRET", "s")]);
    assert!(line.contains("keep one"), "{line}");
}

#[test]
fn the_example_file_and_the_table_name_the_same_variables() {
    let example = include_str!("../../../../.env.example");
    let named: Vec<&str> = example
        .lines()
        .filter_map(|line| line.strip_prefix('#').unwrap_or(line).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'))
        .collect();
    for variable in VARIABLES {
        assert_eq!(named.iter().filter(|name| **name == variable.name).count(), 1, "{}", variable.name);
        if let DefaultValue::Value(value) = variable.default {
            assert!(
                example.contains(&format!("#{}={value}\n", variable.name)),
                "{} is not {value}",
                variable.name
            );
        }
    }
    assert_eq!(named.len(), VARIABLES.len(), "{named:?}");
}

/// Row 27 of the security review.
/// Row 10 of the faults: browsers leave default ports out.
#[test]
fn default_ports_of_origins_are_left_out() {
    let settings =
        load(&[("BACKEND_CORS_ORIGINS", "https://c.example:443,http://c.example:80,http://c.example:443")])
            .unwrap();
    let expected = ["https://c.example", "http://c.example", "http://c.example:443"].map(str::to_owned);
    assert_eq!(settings.web.cors, CorsOrigins::Only(expected.to_vec()));
}
