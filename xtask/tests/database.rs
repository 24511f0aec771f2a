//! `cargo xtask db` on a real PostgreSQL, the one in `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod command;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use command::{Answer, environment, xtask};
use myashes_servers::{Folder, program};
use serde_json::json;

static MADE: AtomicUsize = AtomicUsize::new(0);

/// A role and a folder per test, removed with all that was created with them.
struct Place {
    admin: String,
    user: String,
    folder: Folder,
    databases: Vec<String>,
}

impl Place {
    /// `None` where there is no PostgreSQL to talk to, or no `psql` to do it with; `cargo xtask test` sees to both.
    fn new() -> Option<Self> {
        let Some(admin) = environment("TEST_DATABASE_URL").filter(|_| program("psql").is_some()) else {
            eprintln!("skipped: TEST_DATABASE_URL is not set, or psql is not installed");
            return None;
        };
        let user = format!("xtask_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        let folder = Folder::for_caller(&user).unwrap();
        Some(Self { admin, user, folder, databases: Vec::new() })
    }

    /// A database that the role owns, and its URL.
    fn database(&mut self, name: &str) -> String {
        let database = format!("{}_{name}", self.user);
        self.databases.push(database.clone());
        self.xtask("", &["db", "init", "--user", &self.user, "--database", &database]).succeeded();
        let (server, _) = self.admin.rsplit_once('/').unwrap();
        let host = server.rsplit_once('@').unwrap().1;
        format!("postgres://{}:let-me-in@{host}/{database}", self.user)
    }

    fn xtask(&self, url: &str, arguments: &[&str]) -> Answer {
        let mut command = xtask(arguments);
        command.env("MYASHES_LOCAL_ADMIN_URL", &self.admin).env("DATABASE_URL", url);
        Answer::of(command.env("MYASHES_ROLE_PASSWORD", "let-me-in"))
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for database in &self.databases {
            sql(&self.admin, &format!("DROP DATABASE {database} WITH (FORCE)"));
        }
        sql(&self.admin, &format!("DROP ROLE IF EXISTS {}", self.user));
    }
}

fn sql(url: &str, text: &str) -> String {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, url])
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const VOTES: &str = "CREATE TABLE votes (id int PRIMARY KEY, note text, cast_at timestamptz);
    CREATE INDEX ON votes USING gin (note gin_trgm_ops);
    INSERT INTO votes SELECT i, 'é' || i, timestamptz '2026-01-01' + i * interval '1 s' FROM generate_series(1, 500) i";

#[test]
fn the_role_owns_its_database_and_may_do_nothing_else() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("own");
    place.database("own");
    place.databases.pop();
    sql(&url, VOTES);
    let rights = "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
        FROM pg_roles WHERE rolname = current_user";
    assert_eq!(sql(&url, rights), "f");
    assert_eq!(sql(&url, "SELECT has_schema_privilege('public', 'public', 'CREATE')"), "f");
}

#[test]
fn what_was_saved_comes_back_whole() {
    let Some(mut place) = Place::new() else { return };
    let (from, to) = (place.database("from"), place.database("to"));
    sql(&from, VOTES);
    let file = place.file("saved");
    place.xtask(&from, &["db", "backup", &file]).succeeded();
    for written in [&file, &format!("{file}.json")] {
        let mode = std::fs::metadata(written).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{written} is for its owner alone");
    }
    place.xtask(&to, &["db", "restore", &file]).succeeded();
    assert_eq!(
        sql(&to, "SELECT count(*), max(note) FROM votes"),
        sql(&from, "SELECT count(*), max(note) FROM votes")
    );
}

#[test]
fn a_restore_into_a_database_in_use_is_refused() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("full");
    sql(&url, VOTES);
    let file = place.file("saved");
    place.xtask(&url, &["db", "backup", &file]).succeeded();
    sql(&url, "DELETE FROM votes WHERE id > 100");
    let error = place.xtask(&url, &["db", "restore", &file]).failed().stderr;
    assert!(error.contains("not empty"), "{error}");
    assert_eq!(sql(&url, "SELECT count(*) FROM votes"), "100");
}

#[test]
fn rows_that_differ_from_the_saved_ones_are_reported() {
    let Some(mut place) = Place::new() else { return };
    let (from, to) = (place.database("from"), place.database("to"));
    sql(&from, VOTES);
    let file = place.file("saved");
    place.xtask(&from, &["db", "backup", &file]).succeeded();
    let list = format!("{file}.json");
    let text = std::fs::read_to_string(&list).unwrap().replace("\"rows\": 500", "\"rows\": 501");
    std::fs::write(&list, text).unwrap();
    let error = place.xtask(&to, &["db", "restore", &file]).failed().stderr;
    assert!(error.contains("votes has 500 rows and not 501"), "{error}");
}

#[test]
fn a_backup_overwrites_nothing() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("twice");
    let file = place.file("saved");
    place.xtask(&url, &["db", "backup", &file]).succeeded();
    place.xtask(&url, &["db", "backup", &file]).failed();
}

#[test]
fn reports_can_be_read_by_programs() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("report");
    sql(&url, VOTES);
    for (kind, section) in
        [("health", "connections"), ("health", "sessions"), ("performance", "unused_indexes")]
    {
        let text = place.xtask(&url, &["db", "report", kind, "--json"]).succeeded().stdout;
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(report.get(section).is_some(), "{report}");
        place.xtask(&url, &["db", "report", kind]).succeeded();
    }
}

#[test]
fn a_report_names_the_session_that_holds_a_connection_and_no_values() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("sessions");
    let mut holder = Command::new("psql");
    holder
        .args(["-X", "-q", "-d", &url])
        .env("PGAPPNAME", "holder")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut holder = holder.spawn().unwrap();
    let mut commands = holder.stdin.take().unwrap();
    commands.write_all(b"BEGIN; CREATE TABLE secret_name (id int);\n").unwrap();
    let held = "SELECT count(*) FROM pg_stat_activity \
        WHERE application_name = 'holder' AND state = 'idle in transaction'";
    while sql(&url, held) != "1" {
        std::thread::yield_now();
    }
    let text = place.xtask(&url, &["db", "report", "health", "--json"]).succeeded().stdout;
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let own = report["sessions"].as_array().unwrap().iter().find(|it| it["statement"] == "SELECT");
    let own = own.expect("the session that reports");
    assert_eq!(own["state"], "active");
    assert!(own["pid"].as_i64().unwrap() > 0 && !text.contains("pg_stat_activity"), "{text}");
    // The longest transaction first.
    let first = &report["sessions"][0];
    assert_eq!(
        (&first["application"], &first["state"], &first["statement"]),
        (&json!("holder"), &json!("idle in transaction"), &json!("CREATE"))
    );
    assert!(first["transaction_seconds"].is_number() && !text.contains("secret_name"), "{text}");
    drop(commands);
    holder.wait().unwrap();
}

#[test]
fn activity_is_counted_by_day() {
    let Some(mut place) = Place::new() else { return };
    let url = place.database("activity");
    sql(
        &url,
        "CREATE TABLE builds (created_at timestamptz); CREATE TABLE votes (cast_at timestamptz); \
         CREATE TABLE searches (searched_at timestamptz); CREATE TABLE feedback (received_at timestamptz); \
         INSERT INTO builds VALUES (now()), (now()), (now() - interval '20 days'); \
         INSERT INTO votes VALUES (now() - interval '1 day')",
    );
    let text = place.xtask(&url, &["db", "report", "activity", "--json"]).succeeded().stdout;
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let days = report["activity"].as_array().unwrap();
    let count = |kind: &str| days.iter().map(|day| day[kind].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!((count("builds"), count("votes"), count("searches")), (vec![2, 0], vec![0, 1], vec![0, 0]));
}

#[test]
fn activity_of_a_sqlite_file_is_counted_by_day() {
    let folder = Folder::for_caller("activity").unwrap();
    let file = folder.path().join("activity.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("migrations/sqlite");
    let mut migrations: Vec<PathBuf> =
        std::fs::read_dir(migrations).unwrap().map(|entry| entry.unwrap().path().join("up.sql")).collect();
    migrations.sort();
    for migration in &migrations {
        connection.execute_batch(&std::fs::read_to_string(migration).unwrap()).unwrap();
    }
    let search = "INSERT INTO searches (query, search_mode, result_count, session, caller, searched_at)
        VALUES ('a', 'quick', 1, x'00', x'00', (unixepoch('now', 'start of day') - ?1 * 86400) * 1000000)";
    for days in [0, 0, 1, 13, 14] {
        connection.execute(search, [days]).unwrap();
    }
    connection
        .execute_batch(
            "INSERT INTO feedback (feedback_id, query, query_folded, response_snippet, rating, search_mode,
                session, received_at)
             VALUES ('f', 'a', 'a', 'b', 'up', 'quick', x'00', unixepoch() * 1000000)",
        )
        .unwrap();
    let mut command = xtask(&["db", "report", "activity", "--json"]);
    command.env("DATABASE_URL", format!("sqlite://{}", file.display()));
    let text = Answer::of(&mut command).succeeded().stdout;
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let days = report["activity"].as_array().unwrap();
    let count = |kind: &str| days.iter().map(|day| day[kind].as_i64().unwrap()).collect::<Vec<_>>();
    // A fortnight, the newest day first.
    assert_eq!((count("searches"), count("feedback")), (vec![2, 1, 1], vec![1, 0, 0]), "{text}");
    assert_eq!((count("builds"), count("votes")), (vec![0, 0, 0], vec![0, 0, 0]), "{text}");
}

#[test]
fn a_database_that_cannot_be_reached_is_one_clear_line_without_the_password() {
    let Some(place) = Place::new() else { return };
    let error = place.xtask("postgres://u:secret@127.0.0.1:1/x", &["db", "report", "health"]).failed().stderr;
    assert_eq!(error.trim().lines().count(), 1, "{error}");
    assert!(error.contains("127.0.0.1") && !error.contains("secret"), "{error}");
}
