use std::collections::BTreeSet;

use myashes_adapters::migrations::Migrator;
use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::support::TestContext;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_migrates_up_down_and_up_again() {
    up_down_up(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_migrates_up_down_and_up_again() {
    up_down_up(DatabaseKind::Postgres).await;
}

async fn up_down_up(kind: DatabaseKind) {
    let Some(database) = TestDatabase::unmigrated(kind).await else { return };
    let migrator = Migrator::new(&database.options()).unwrap();
    let names = migrator.pending().await.unwrap();
    assert!(migrator.sql_of_pending().await.unwrap().contains("CREATE TABLE builds"));
    assert_eq!(migrator.up().await.unwrap(), names);
    let fresh = database.schema().await;
    assert!(migrator.up().await.unwrap().is_empty(), "a second run changes nothing");
    assert_eq!(database.schema().await, fresh);
    for back in 1..=names.len() {
        assert_eq!(migrator.revert(back).await.unwrap().len(), back);
        assert_eq!(migrator.up().await.unwrap().len(), back);
        assert_eq!(database.schema().await, fresh, "after taking back {back}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_migration_goes_back_and_forth_with_data_in_the_tables() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(stage) = TestContext::on(kind).await else { continue };
        let id = stage.build("stays").await.summary.id;
        stage.cast(&id, "a", 5).await;
        let migrator = Migrator::new(&stage.database.options()).unwrap();
        migrator.revert(1).await.unwrap();
        migrator.up().await.unwrap();
        let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
        assert_eq!(build.summary.tally.vote_count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn jobs_that_migrate_at_once_apply_each_migration_once() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        for _ in 0..5 {
            let Some(database) = TestDatabase::unmigrated(kind).await else { break };
            migrate_at_once(&database).await;
        }
    }
}

async fn migrate_at_once(database: &TestDatabase) {
    let jobs: Vec<_> = (0..4)
        .map(|_| {
            let migrator = Migrator::new(&database.options()).unwrap();
            tokio::spawn(async move { migrator.up().await.map(|applied| applied.len()) })
        })
        .collect();
    let mut applied = vec![];
    for job in jobs {
        applied.push(job.await.unwrap().unwrap());
    }
    applied.sort_unstable();
    let migrator = Migrator::new(&database.options()).unwrap();
    let all = migrator.applied().await.unwrap();
    assert_eq!(applied, [0, 0, 0, all.len()]);
    assert_eq!(all[0], "2026-01-14-000001_builds");
    database
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('30000101000001')")
        .await
        .unwrap();
    assert_eq!(migrator.applied().await.unwrap().last().unwrap(), "30000101000001", "of a newer release");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_the_python_service_is_left_alone() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(database) = TestDatabase::unmigrated(kind).await else { continue };
        database.execute("CREATE TABLE alembic_version (version_num varchar(32))").await.unwrap();
        let before = database.schema().await;
        let refused = Migrator::new(&database.options()).unwrap().up().await.unwrap_err().to_string();
        assert!(refused.contains("myashes import"), "{refused}");
        assert_eq!(database.schema().await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_tables_columns_and_indexes() {
    let Some(sqlite) = TestDatabase::new(DatabaseKind::Sqlite).await else { return };
    let Some(postgres) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    // The trigram index of SQLite is a table there.
    let of = |schema: BTreeSet<String>| -> BTreeSet<String> {
        let is_of_search = |it: &String| it.starts_with("build_search") || it == "builds_search";
        schema.into_iter().filter(|it| !is_of_search(it)).collect()
    };
    assert_eq!(of(sqlite.columns().await), of(postgres.columns().await));
    assert_eq!(
        of(sqlite.nullable_columns_and_indexes().await),
        of(postgres.nullable_columns_and_indexes().await)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_foreign_key_has_an_index() {
    let Some(postgres) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let bare = postgres
        .count(
            "SELECT count(*) FROM pg_constraint c WHERE c.contype = 'f' AND NOT EXISTS (\
             SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL \
             AND i.indkey[0] = c.conkey[1])",
        )
        .await;
    assert_eq!(bare, 0);
}
