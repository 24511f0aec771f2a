//! `myashes import` as an operator runs it: its exit code says whether everything was taken over.

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
    let mut command = Command::new(env!("CARGO_BIN_EXE_myashes"));
    command.env_clear().env("DATABASE_URL", &into.url).args(["import", "--from", &from.url]).args(more);
    command.output().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_set_aside_is_a_failure_only_when_strict() {
    let from = TestDatabase::unmigrated(DatabaseKind::Sqlite).await.unwrap();
    from.execute(PYTHON_SERVICE).await.unwrap();
    let into = TestDatabase::sqlite().await;

    let output = import(&from, &into, &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("builds"), "a report");
    // A second import reads only what is new, so that a row is set aside in another database.
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
