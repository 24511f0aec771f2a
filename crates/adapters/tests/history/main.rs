//! Group commit is invisible: a random history of votes, changes and withdrawals gives the same answers and
//! leaves the same tables whether its requests are carried out together or one by one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod side;

use myashes_testkit::DatabaseKind;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use side::{BUILDS, CALLERS, Side, Step};

/// A history, cut into what is asked at once.
fn history() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let kind = prop_oneof![4 => Just(Kind::Cast), 3 => Just(Kind::Put), 2 => Just(Kind::Withdraw)];
    let step = (0..CALLERS, 0..BUILDS, kind, 1_i64..=5, 0_u32..400_000);
    let step = step.prop_map(|(caller, build, kind, stars, after)| Step {
        caller,
        build,
        stars: (kind != Kind::Withdraw).then_some(stars),
        first_only: kind == Kind::Cast,
        seconds_later: after,
    });
    prop::collection::vec(prop::collection::vec(step, 1..24), 1..5)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cast,
    Put,
    Withdraw,
}

/// One worker thread: everything asked at once is in the queue before a batch is taken from it, so that it
/// goes as one batch indeed.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn holds_on(kind: DatabaseKind, cases: u32) {
    let runtime = runtime();
    let sides = runtime.block_on(async {
        // Within a task, so that it is the one worker that runs it.
        let sides = tokio::spawn(async move { Some((Side::on(kind).await?, Side::on(kind).await?)) });
        sides.await.unwrap()
    });
    let Some((together, alone)) = sides else { return };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&history(), |history| {
        let (together, alone) = (together.clone(), alone.clone());
        let compared = runtime.block_on(runtime.spawn(async move {
            let builds = together.new_builds().await;
            alone.take_builds(&builds).await;
            let mut answers = (vec![], vec![]);
            for asked in &history {
                answers.0.extend(together.at_once(&builds, asked).await);
                answers.1.extend(alone.one_by_one(&builds, asked).await);
            }
            let revisions = together.tally_revisions(&builds).await;
            let tables = (together.tables(&builds).await, alone.tables(&builds).await);
            (answers, tables, revisions, history.len())
        }));
        let (answers, tables, revisions, batches) = compared.expect("no panic on the way");
        prop_assert_eq!(answers.0, answers.1, "the answers differ");
        prop_assert_eq!(&tables.0.exact, &tables.1.exact, "the tables differ");
        for (name, score) in &tables.0.scores {
            let other = tables.1.scores[name];
            prop_assert!((score - other).abs() < 1e-6, "{name}: {score} together, {other} alone");
        }
        // A batch changes a build's tally at most once: single requests would change it more often.
        prop_assert!(revisions.iter().all(|moved| *moved <= batches), "{revisions:?} in {batches} batches");
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // The databases are dropped before their runtime.
    drop((together, alone));
}

#[test]
fn together_is_as_one_by_one_on_sqlite() {
    holds_on(DatabaseKind::Sqlite, 24);
}

#[test]
fn together_is_as_one_by_one_on_postgres() {
    holds_on(DatabaseKind::Postgres, 24);
}

#[test]
#[ignore = "slow: many more histories"]
fn together_is_as_one_by_one_on_sqlite_over_many_histories() {
    holds_on(DatabaseKind::Sqlite, 600);
}

#[test]
#[ignore = "slow: many more histories"]
fn together_is_as_one_by_one_on_postgres_over_many_histories() {
    holds_on(DatabaseKind::Postgres, 600);
}
