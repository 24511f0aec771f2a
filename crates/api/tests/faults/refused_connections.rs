//! PostgreSQL that cannot be connected to: the programs say why, where, as whom and what to look at, and never show
//! the password.

use myashes_servers::{Postgres, free_port, self_signed_certificate};

use tempfile::TempDir;

use crate::commands;
use crate::connections::connect;
use crate::service::{Service, is_ready};

const PASSWORD: &str = "hunter2-of-tests";

/// A wrong password. No output may contain it, as little as the right one.
const WRONG: &str = "not-the-password-of-tests";

/// Who may do what: `member` needs a password, `guest` has none, and may not connect at all.
const HBA: &str = "host all member 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";

/// A server with passwords, and with a self-signed certificate. `None` where one of the programs is not
/// installed, which CI does not let pass.
async fn server() -> Option<Postgres> {
    let mut postgres = Postgres::for_test()?;
    let (certificate, key) = certificate()?;
    let admin = connect(&postgres.url()).await;
    let set_up = format!(
        "CREATE ROLE member LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE guest LOGIN CONNECTION LIMIT 0; \
         CREATE DATABASE closed; REVOKE CONNECT ON DATABASE closed FROM PUBLIC; CHECKPOINT"
    );
    for statement in set_up.split(';') {
        admin.batch_execute(statement).await.expect(statement);
    }
    postgres.write("pg_hba.conf", HBA);
    postgres.write("server.crt", &certificate);
    postgres.write("server.key", &key);
    postgres.write("postgresql.auto.conf", "ssl = on\n");
    postgres.kill();
    postgres.restart();
    Some(postgres)
}

fn certificate() -> Option<(String, String)> {
    let folder = TempDir::new().expect("a temporary folder");
    let [certificate, key] = ["certificate", "key"].map(|name| folder.path().join(name));
    self_signed_certificate("localhost", &certificate, &key)?;
    let read = |file| std::fs::read_to_string(file).expect("it was just made");
    Some((read(certificate), read(key)))
}

fn url(port: u16, user: &str, database: &str) -> String {
    format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable")
}

/// A root certificate that has signed nothing here.
fn strange_root(folder: &TempDir) -> Option<String> {
    let path = folder.path().join("root.crt");
    std::fs::write(&path, certificate()?.0).expect("a file");
    Some(path.display().to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_fails_names_its_cause_and_where_to_look() {
    let Some(postgres) = server().await else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let Some(root) = strange_root(&folder) else { return };
    let port = postgres.port();
    let place = format!("127.0.0.1:{port}");
    let as_member = |password: &str, database: &str| url(port, &format!("member:{password}"), database);

    // Errors that only a change of the configuration can repair are not retried, and exit with 2.
    for command in ["migrate", "doctor", "seed", "serve"] {
        let more = [("MIGRATE_ON_START", "true")];
        let outcome = commands::run(command, &as_member(WRONG, "postgres"), &more).await;
        let parts = [
            "DATABASE_URL",
            &place,
            "user member",
            "database postgres",
            "password authentication failed",
            "POSTGRES_PASSWORD",
        ];
        outcome.assert_says(2, &parts, &[WRONG]);
        assert_eq!(outcome.lines_with("trying again"), 0, "{}", outcome.stderr);
    }
    let import = format!("import --from {}", as_member(WRONG, "postgres"));
    let outcome = commands::run(&import, "sqlite://never-made.db", &[]).await;
    outcome.assert_says(2, &["127.0.0.1", "password authentication failed", "--from"], &[WRONG]);
    for (url, cause, look_at) in [
        (as_member(PASSWORD, "absent"), "database \"absent\" does not exist", "POSTGRES_DB"),
        (as_member(PASSWORD, "closed"), "permission denied for database \"closed\"", "member"),
        (url(port, "unknown-role", "postgres"), "role \"unknown-role\" does not exist", "POSTGRES_USER"),
        (url(port, "member", "postgres"), "password", "POSTGRES_PASSWORD"),
        (
            format!(
                "postgres://member:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=verify-full&sslrootcert={root}"
            ),
            "invalid peer certificate",
            "sslrootcert",
        ),
    ] {
        let outcome = commands::run("migrate", &url, &[]).await;
        outcome.assert_says(2, &["DATABASE_URL", &place, cause, look_at], &[PASSWORD]);
        assert_eq!(outcome.lines_with("trying again"), 0, "{}", outcome.stderr);
    }

    // What may pass by itself is a failure of the moment. These commands try once.
    let unheard = free_port();
    for (url, parts) in [
        (url(port, "guest", "postgres"), ["too many connections for role", "DB_POOL_SIZE", &place]),
        (
            url(unheard, &format!("member:{PASSWORD}"), "postgres"),
            ["Connection refused", "POSTGRES_PORT", &format!("127.0.0.1:{unheard}")],
        ),
        (
            format!("postgres://member:{PASSWORD}@no-such-host.invalid/postgres?sslmode=disable"),
            ["lookup", "POSTGRES_HOST", "no-such-host.invalid:5432"],
        ),
    ] {
        let outcome = commands::run("doctor", &url, &[]).await;
        outcome.assert_says(1, &parts, &[PASSWORD]);
        outcome.assert_says(1, &["DATABASE_URL"], &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_encryption_is_named_as_the_cause() {
    let Some(postgres) = Postgres::for_test() else { return };
    let url = format!("{}?sslmode=require", postgres.url());
    let outcome = commands::run("migrate", &url, &[]).await;
    outcome.assert_says(2, &["DATABASE_URL", "does not support TLS", "sslmode"], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_cannot_connect_logs_the_cause_and_is_not_ready() {
    let Some(postgres) = server().await else { return };
    let url = url(postgres.port(), &format!("member:{WRONG}"), "postgres");
    let service = Service::start_unready(&url, &[("MIGRATE_ON_START", "false")]).await;
    let parts = ["ERROR", "DATABASE_URL", "user member", "password authentication failed"];
    service.logs(&parts).await;
    assert!(!is_ready(service.port).await);
    let admin = connect(&postgres.url()).await;
    admin.batch_execute(&format!("ALTER ROLE member PASSWORD '{WRONG}'")).await.expect("a superuser");
    // It is not migrated, which it can only find out once it is connected.
    service.logs(&["ERROR", "myashes migrate"]).await;
    let log = service.log();
    assert!(!log.contains(WRONG), "{log}");
    let causes = log.lines().filter(|line| line.contains("\"the database cannot be used\""));
    assert_eq!(causes.count(), 1, "one line for one cause:\n{log}");
}
