//! `myashes import` as an operator runs it: its exit code says whether everything was taken over.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use myashes_testkit::{DatabaseKind, TestDatabase};
use tokio::process::Command;

/// A database of the Python service's first revision, with one build that is whole and one without a name.
const PYTHON_SERVICE: &str = "
    CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
    INSERT INTO alembic_version VALUES ('001');
    CREATE TABLE builds (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, build_id varchar(12) NOT NULL,
        name varchar(100) NOT NULL, description text, primary_archetype varchar(20) NOT NULL,
        secondary_archetype varchar(20) NOT NULL, class_name varchar(50) NOT NULL, race varchar(20) NOT NULL,
        is_public boolean NOT NULL, session_id varchar(64) NOT NULL, user_id varchar(64), created_at DATETIME NOT NULL,
        updated_at DATETIME, rating_sum float NOT NULL, vote_count integer NOT NULL);
    CREATE TABLE build_votes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, build_id varchar(12) NOT NULL,
        session_id varchar(64) NOT NULL, user_id varchar(64), rating integer NOT NULL, created_at DATETIME NOT NULL);
    INSERT INTO builds (build_id, name, primary_archetype, secondary_archetype, class_name, race, is_public,
        session_id, created_at, rating_sum, vote_count)
    VALUES ('b_00000001', 'Iron Wall', 'tank', 'fighter', 'Knight', 'vek', 1, 'one', '2025-11-01 10:00:00', 0, 0),
        ('b_00000002', '  ', 'tank', 'fighter', 'Knight', 'vek', 1, 'two', '2025-11-02 10:00:00', 0, 0);";

async fn import(from: &TestDatabase, into: &TestDatabase, more: &[&str]) -> Output {
    run(into, &[&["import", "--from", &from.url], more].concat()).await
}

async fn run(on: &TestDatabase, arguments: &[&str]) -> Output {
    run_with(on, arguments, &[]).await
}

async fn run_with(on: &TestDatabase, arguments: &[&str], more: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_myashes"));
    command.env_clear().env("DATABASE_URL", &on.url).envs(more.iter().copied());
    command.args(arguments).output().await.unwrap()
}

/// The Python service's database with `count` more builds, each with an aggregate that no vote bears out.
async fn with_drifted_builds(count: u32) -> TestDatabase {
    let from = TestDatabase::unmigrated(DatabaseKind::Sqlite).await.unwrap();
    let mut sql = PYTHON_SERVICE.to_owned();
    for n in 0..count {
        write!(
            sql,
            "INSERT INTO builds (build_id, name, primary_archetype, secondary_archetype, class_name, race, is_public,
                session_id, created_at, rating_sum, vote_count)
             VALUES ('b_{n:08x}d', 'Wall', 'tank', 'fighter', 'Knight', 'vek', 1, 's', '2025-11-01 10:00:00', 5, 1);"
        )
        .unwrap();
    }
    from.execute(&sql).await.unwrap();
    from
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_set_aside_is_a_failure_only_when_strict() {
    let from = TestDatabase::unmigrated(DatabaseKind::Sqlite).await.unwrap();
    from.execute(PYTHON_SERVICE).await.unwrap();
    let into = TestDatabase::sqlite().await;

    let output = import(&from, &into, &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("builds"), "a report");
    // A second import sets aside only what is new.
    let into = TestDatabase::sqlite().await;
    let strict = import(&from, &into, &["--strict"]).await;
    let complaint = String::from_utf8_lossy(&strict.stderr).into_owned();
    assert_eq!(strict.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("1 rows were set aside (--strict)"), "{complaint}");
    assert_eq!(into.count("SELECT count(*) FROM builds").await, 1);

    from.execute("DELETE FROM builds WHERE build_id = 'b_00000002'").await.unwrap();
    let into = TestDatabase::sqlite().await;
    assert_eq!(import(&from, &into, &["--strict"]).await.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_is_short_and_whole_in_a_file_of_its_owner() {
    let (from, into) = (with_drifted_builds(31).await, TestDatabase::sqlite().await);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("report.txt");
    std::fs::write(&file, "from before").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();

    let output = import(&from, &into, &["--report", file.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let corrections = |text: &str| text.lines().filter(|line| line.contains("1 votes, 5 stars ->")).count();
    assert_eq!(corrections(&printed), 20, "{printed}");
    assert!(printed.contains("  and 11 more"), "{printed}");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert_eq!(corrections(&whole), 31, "{whole}");
    assert!(!whole.contains("from before"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_cannot_be_reconciled_is_a_failure() {
    let (from, into) = (with_drifted_builds(1).await, TestDatabase::sqlite().await);
    assert_eq!(import(&from, &into, &[]).await.status.code(), Some(0));
    into.execute("UPDATE builds SET revision = 2 WHERE build_id = 'b_00000001'").await.unwrap();
    from.execute("UPDATE builds SET name = 'Renamed' WHERE build_id = 'b_00000001'").await.unwrap();
    let output = import(&from, &into, &[]).await;
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("1 rows could not be reconciled"), "{complaint}");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("builds 1: b_00000001 was changed at the source and here"), "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_advises_an_import_after_a_broken_one() {
    let (from, into) = (with_drifted_builds(0).await, TestDatabase::sqlite().await);
    assert_eq!(import(&from, &into, &[]).await.status.code(), Some(0));
    into.execute("UPDATE import_progress SET finished_at = NULL").await.unwrap();
    for arguments in [&["doctor"][..], &["doctor", "--repair"]] {
        let output = run(&into, arguments).await;
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains("run `myashes import` again"), "{complaint}");
        assert!(!complaint.contains("--repair"), "{complaint}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_loses_something_is_a_failure_until_it_is_accepted() {
    let (from, into) = (with_drifted_builds(0).await, TestDatabase::sqlite().await);
    assert_eq!(import(&from, &into, &[]).await.status.code(), Some(0));
    into.execute("UPDATE builds SET tags = '[\"pvp\"]'").await.unwrap();
    let refused = run(&into, &["export", "--to-legacy", &from.url]).await;
    let complaint = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("--accept"), "{complaint}");
    let printed = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(printed.contains("tags of a build: 1 rows\n    b_00000001"), "{printed}");
    let accepted = run(&into, &["export", "--to-legacy", &from.url, "--accept"]).await;
    assert_eq!(accepted.status.code(), Some(0), "{}", String::from_utf8_lossy(&accepted.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_takes_its_url_from_a_variable_or_from_a_flag_which_comes_first() {
    let (from, into) = (with_drifted_builds(0).await, TestDatabase::sqlite().await);
    assert_eq!(import(&from, &into, &[]).await.status.code(), Some(0));
    let renamed = "SELECT count(*) FROM builds WHERE name = 'Renamed'";

    let neither = run(&into, &["export"]).await;
    let complaint = String::from_utf8_lossy(&neither.stderr).into_owned();
    assert_eq!(neither.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("--to-legacy URL or EXPORT_URL"), "{complaint}");

    into.execute("UPDATE builds SET name = 'Renamed'").await.unwrap();
    let by_variable = run_with(&into, &["export"], &[("EXPORT_URL", &from.url)]).await;
    assert_eq!(by_variable.status.code(), Some(0), "{}", String::from_utf8_lossy(&by_variable.stderr));
    assert_eq!(from.count(renamed).await, 1);

    let other = with_drifted_builds(0).await;
    let both =
        run_with(&into, &["export", "--to-legacy", &other.url], &[("EXPORT_URL", "sqlite:///nowhere/x.db")])
            .await;
    assert_eq!(both.status.code(), Some(0), "{}", String::from_utf8_lossy(&both.stderr));
    assert_eq!(other.count(renamed).await, 1);
}
