//! F9: several programs meet on one new SQLite file.

use std::path::Path;

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::commands::{self, Outcome};
use crate::service::Service;

const AT_ONCE: usize = 4;

fn new_file(folder: &Path, name: &str) -> String {
    format!("sqlite://{}", folder.join("data").join(name).display())
}

/// Starts migrations at once on a file that is not there yet; how each ended.
async fn migrate_at_once(url: &str) -> Vec<Outcome> {
    let mut commands = JoinSet::new();
    for _ in 0..AT_ONCE {
        let url = url.to_owned();
        commands.spawn(async move { commands::run("migrate", &url, &[]).await });
    }
    commands.join_all().await
}

async fn one_migrates_and_the_others_wait(rounds: usize) {
    let folder = TempDir::new().expect("a temporary folder");
    for round in 0..rounds {
        let outcomes = migrate_at_once(&new_file(folder.path(), &format!("{round}.db"))).await;
        for outcome in &outcomes {
            outcome.assert_says(0, &[], &[]);
        }
        let applied = outcomes.iter().filter(|it| it.lines_with("\"applied\"") > 0).count();
        assert_eq!(applied, 1, "round {round}: one of them applies everything: {outcomes:#?}");
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
    one_migrates_and_the_others_wait(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_services_and_a_seed_can_start_on_one_new_sqlite_file() {
    two_services_and_a_seed_share_a_new_file(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow tests: many first starts"]
async fn many_first_starts_on_one_sqlite_file_succeed() {
    one_migrates_and_the_others_wait(20).await;
    two_services_and_a_seed_share_a_new_file(10).await;
}
