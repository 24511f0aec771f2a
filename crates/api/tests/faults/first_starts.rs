//! F9: several programs meet on one new database.

use std::path::Path;

use myashes_testkit::{DatabaseKind, TestDatabase};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::commands::{self, Outcome};
use crate::service::Service;

fn new_file(folder: &Path, name: &str) -> String {
    format!("sqlite://{}", folder.join("data").join(name).display())
}

/// Starts migrations at once on a database without any table; how each ended.
async fn migrate_at_once(url: &str, jobs: usize) -> Vec<Outcome> {
    let mut commands = JoinSet::new();
    for _ in 0..jobs {
        let url = url.to_owned();
        commands.spawn(async move { commands::run("migrate", &url, &[]).await });
    }
    commands.join_all().await
}

async fn one_migrates_and_the_others_wait(url: &str, jobs: usize) {
    let outcomes = migrate_at_once(url, jobs).await;
    for outcome in &outcomes {
        outcome.assert_says(0, &[], &[]);
    }
    let applied = outcomes.iter().filter(|it| it.lines_with("\"applied\"") > 0).count();
    assert_eq!(applied, 1, "one of them applies everything: {outcomes:#?}");
}

async fn one_of_four_migrates_a_file(rounds: usize) {
    let folder = TempDir::new().expect("a temporary folder");
    for round in 0..rounds {
        one_migrates_and_the_others_wait(&new_file(folder.path(), &format!("{round}.db")), 4).await;
    }
}

async fn one_of_three_migrates_on_postgres(rounds: usize) {
    for _ in 0..rounds {
        let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
        one_migrates_and_the_others_wait(&database.url, 3).await;
        let repeated = "SELECT count(*) - count(DISTINCT version) FROM __diesel_schema_migrations";
        assert_eq!(database.count(repeated).await, 0);
    }
}

async fn two_services_and_a_seed_share_a_new_file(rounds: usize) {
    for _ in 0..rounds {
        let folder = TempDir::new().expect("a temporary folder");
        let url = new_file(folder.path(), "shared.db");
        let (one, two, seeded) = tokio::join!(
            Service::start(&url, &[]),
            Service::start(&url, &[]),
            commands::run("seed", &url, &[])
        );
        seeded.assert_says(0, &[], &[]);
        for service in [one, two] {
            service.assert_never_panicked();
            assert!(!service.log().contains("ERROR"), "{}", service.log());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_four_first_migrations_on_one_sqlite_file_one_applies_and_the_others_wait() {
    one_of_four_migrates_a_file(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_first_migrations_on_postgres_one_applies_and_the_others_wait() {
    one_of_three_migrates_on_postgres(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_services_and_a_seed_can_start_on_one_new_sqlite_file() {
    two_services_and_a_seed_share_a_new_file(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow tests: many first starts"]
async fn many_first_starts_on_one_sqlite_file_succeed() {
    one_of_four_migrates_a_file(20).await;
    two_services_and_a_seed_share_a_new_file(10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow tests: many first migrations"]
async fn many_first_migrations_on_postgres_succeed() {
    one_of_three_migrates_on_postgres(20).await;
}
