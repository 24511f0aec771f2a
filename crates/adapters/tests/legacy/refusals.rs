//! What an import refuses, in one line and without having changed anything.

use myashes_adapters::legacy::{LegacyUrl, Silent, Table};
use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::fixture::{dry_run, import, place, python_service, try_import};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_cannot_be_read_is_refused() {
    let target = TestDatabase::new(DatabaseKind::Sqlite).await.unwrap();
    let nowhere = ["sqlite:///nowhere/at/all.db", "postgres://user:hunter2@127.0.0.1:1/nothing"];
    for url in nowhere {
        let place = LegacyUrl::parse(url, None).unwrap();
        let error = try_import(place, &target, 10, &Silent).await.unwrap_err().to_string();
        assert!(error.starts_with("cannot read") && error.lines().count() == 1, "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert_eq!(target.count("SELECT count(*) FROM import_progress").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_the_python_services_tables_is_refused() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        // Tables of the same names, but those of this service.
        let Some(other) = TestDatabase::new(kind).await else { continue };
        let target = TestDatabase::new(DatabaseKind::Sqlite).await.unwrap();
        let error = try_import(place(&other), &target, 10, &Silent).await.unwrap_err().to_string();
        assert!(error.contains("does not hold the Python service's tables"), "{error}");
        assert_eq!(target.count("SELECT count(*) FROM import_progress").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_is_not_migrated_is_refused_and_named_the_command() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let source = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
        let Some(target) = TestDatabase::unmigrated(kind).await else { continue };
        let error = try_import(place(&source), &target, 10, &Silent).await.unwrap_err().to_string();
        assert!(error.contains("myashes migrate"), "{error}");
        if kind == DatabaseKind::Sqlite {
            assert!(!std::path::Path::new(target.url.trim_start_matches("sqlite://")).exists());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_source_than_before_is_refused() {
    let first = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
    let target = TestDatabase::new(DatabaseKind::Sqlite).await.unwrap();
    import(&first, &target).await;
    let second = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
    second.execute("UPDATE build_votes SET session_id = 'sess_other' WHERE id = 8").await.unwrap();
    let error = try_import(place(&second), &target, 10, &Silent).await.unwrap_err().to_string();
    assert!(error.contains("is not the database that was imported before"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_without_any_of_the_imported_builds_is_refused() {
    let first = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
    let target = TestDatabase::new(DatabaseKind::Sqlite).await.unwrap();
    import(&first, &target).await;
    let other = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
    other.execute("DELETE FROM builds WHERE id = 4; UPDATE builds SET name = 'Other'").await.unwrap();
    let error = try_import(place(&other), &target, 2, &Silent).await.unwrap_err().to_string();
    assert!(error.contains("none of the imported builds is there as it was"), "{error}");
    assert_eq!(target.count("SELECT count(*) FROM builds").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_reports_the_same_and_changes_nothing() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(source) = python_service(kind, 6).await else { continue };
        let target = TestDatabase::new(kind).await.expect("there is a server");
        let foretold = dry_run(&source, &target).await;
        for table in
            ["builds", "votes", "feedback", "searches", "import_progress", "import_quarantine", "import_rows"]
        {
            assert_eq!(target.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
        let report = import(&source, &target).await;
        for table in Table::ALL {
            assert_eq!(foretold.table(table), report.table(table));
        }
        assert_eq!(foretold.drift, report.drift);
    }
}
