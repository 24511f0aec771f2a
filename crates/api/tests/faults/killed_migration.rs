//! F9: a migration is killed after any statement, or at any moment, and run again.

use std::time::{Duration, Instant};

use myashes_servers::MOMENT;
use myashes_testkit::{DatabaseKind, Dice, TestDatabase};
use tokio_postgres::Client;

use crate::commands::{self, Started};
use crate::connections::connect;

/// Lets the statement with the number in `pause.at` wait for an advisory lock: each statement that changes the schema
/// counts, and the record that ends a migration. The extension is there beforehand, since its statements would count.
const PAUSE: &str = "
CREATE EXTENSION pg_trgm;
CREATE SCHEMA pause;
CREATE SEQUENCE pause.statements;
CREATE TABLE pause.at (statement bigint NOT NULL);
INSERT INTO pause.at VALUES (0);
CREATE FUNCTION pause.here() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('pause.statements') = (SELECT statement FROM pause.at) THEN
        PERFORM pg_advisory_lock(1), pg_advisory_unlock(1);
    END IF;
END $$;
CREATE FUNCTION pause.after_statement() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pause.here();
END $$;
CREATE FUNCTION pause.after_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pause.here();
    RETURN NULL;
END $$;
CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT \
CURRENT_TIMESTAMP);
CREATE TRIGGER pause AFTER INSERT ON __diesel_schema_migrations FOR EACH ROW EXECUTE FUNCTION pause.after_record();
CREATE EVENT TRIGGER pause ON ddl_command_end EXECUTE FUNCTION pause.after_statement();
";

const RESUME: &str = "DROP EVENT TRIGGER pause; DROP SCHEMA pause CASCADE;";

/// A database on which migrations are paused after a statement.
struct Paused {
    database: TestDatabase,
    /// Holds the lock that the paused statement waits for.
    holder: Client,
}

impl Paused {
    async fn new() -> Option<Self> {
        let database = TestDatabase::unmigrated(DatabaseKind::Postgres).await?;
        database.execute(PAUSE).await.expect("a superuser");
        let holder = connect(&database.url).await;
        Some(Self { database, holder })
    }

    /// From here on the statement with this number waits.
    async fn pause_after(&self, statement: u32) {
        let set = format!(
            "SELECT setval('pause.statements', 1, false), pg_advisory_lock(1); UPDATE pause.at SET statement = {statement}"
        );
        self.holder.batch_execute(&set).await.expect("it answers");
    }

    async fn resume(&self) {
        self.holder.batch_execute("SELECT pg_advisory_unlock(1)").await.expect("it answers");
    }

    async fn is_paused(&self) -> bool {
        self.others("wait_event = 'advisory'").await > 0
    }

    /// Waits until the sessions of killed programs have ended.
    async fn alone(&self) {
        while self.others("true").await > 0 {
            tokio::time::sleep(MOMENT).await;
        }
    }

    async fn others(&self, which: &str) -> i64 {
        let sessions = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND application_name = 'myashes' AND {which}"
        );
        self.holder.query_one(&sessions, &[]).await.expect("it answers").get(0)
    }

    async fn applied(&self) -> i64 {
        let applied = "SELECT count(*) FROM __diesel_schema_migrations";
        self.holder.query_one(applied, &[]).await.expect("it answers").get(0)
    }
}

/// Waits until the job is paused; `None` when it has ended, which has to be well.
async fn paused(on: &Paused, mut job: Started) -> Option<Started> {
    loop {
        if on.is_paused().await {
            return Some(job);
        }
        if let Some(outcome) = job.ended_within(MOMENT).await {
            outcome.assert_says(0, &[], &[]);
            return None;
        }
    }
}

/// Kills a migration again and again, each time `step` statements later, until one is through.
async fn completes_however_many_statements_are_done(step: u32) {
    let Some(paused_on) = Paused::new().await else { return };
    let (mut statement, mut applied, mut kills) = (1, 0, 0);
    loop {
        paused_on.pause_after(statement).await;
        let job = commands::start("migrate", &paused_on.database.url, &[]);
        let Some(job) = paused(&paused_on, job).await else { break };
        job.kill().await;
        paused_on.resume().await;
        paused_on.alone().await;
        kills += 1;
        // What is recorded stays, so the statements of the next run begin at the first migration that is not.
        let before = std::mem::replace(&mut applied, paused_on.applied().await);
        statement = if applied > before { 1 } else { statement + step };
    }
    eprintln!("{kills} kills, then {applied} and the last migrations are applied");
    assert!(i64::from(kills) >= applied.min(10), "{kills} kills");
    paused_on.resume().await;
    paused_on.database.execute(RESUME).await.expect("a superuser");
    assert_as_undisturbed(&paused_on.database).await;
}

/// Kills a migration at random moments until one is through.
async fn completes_whenever_it_is_killed(kind: DatabaseKind, rounds: u32) {
    let mut dice = Dice::new("killed_migration");
    let Some(whole) = TestDatabase::unmigrated(kind).await else { return };
    let began = Instant::now();
    commands::run("migrate", &whole.url, &[]).await.assert_says(0, &[], &[]);
    let mut longest = began.elapsed();
    let (mut kills, mut round) = (0, 0);
    while round < rounds || kills == 0 {
        round += 1;
        let Some(database) = TestDatabase::unmigrated(kind).await else { return };
        loop {
            let mut job = commands::start("migrate", &database.url, &[]);
            let moment = Duration::from_micros(dice.below(longest.as_micros().max(1) as u64));
            if let Some(outcome) = job.ended_within(moment).await {
                outcome.assert_says(0, &[], &[]);
                break;
            }
            job.kill().await;
            kills += 1;
        }
        assert_as_undisturbed(&database).await;
        // Beside other work the first run may have taken longer than any that follows.
        if kills == 0 {
            longest /= 2;
        }
    }
    eprintln!("{kills} kills in {round} rounds within {} ms", longest.as_millis());
}

/// That the schema is that of a migration that nothing has disturbed, with each migration recorded, and consistent.
async fn assert_as_undisturbed(database: &TestDatabase) {
    let whole = TestDatabase::unmigrated(database.kind).await.expect("there is a server");
    commands::run("migrate", &whole.url, &[]).await.assert_says(0, &[], &[]);
    let (schema, expected) = (database.schema().await, whole.schema().await);
    let differences: Vec<&String> = schema.symmetric_difference(&expected).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    let versions = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
    assert_eq!(database.texts(versions).await, whole.texts(versions).await);
    commands::run("doctor", &database.url, &[]).await.assert_says(0, &[], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_now_and_then_is_completed_on_postgres() {
    completes_however_many_statements_are_done(7).await;
    completes_whenever_it_is_killed(DatabaseKind::Postgres, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_now_and_then_is_completed_on_sqlite() {
    completes_whenever_it_is_killed(DatabaseKind::Sqlite, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_migration_that_applies_is_killed_another_goes_on() {
    let Some(paused_on) = Paused::new().await else { return };
    let start = || commands::start("migrate", &paused_on.database.url, &[]);
    paused_on.pause_after(20).await;
    let first = paused(&paused_on, start()).await.expect("there are more statements");
    let mut others = [start(), start()];
    for other in &mut others {
        while !other.log().contains("another process is migrating") {
            let ended = other.ended_within(MOMENT).await;
            assert!(ended.is_none(), "it did not wait: {ended:#?}");
        }
    }
    let before = paused_on.applied().await;
    assert!(before > 0, "the first one has applied something");
    first.kill().await;
    paused_on.resume().await;
    let mut applied = vec![];
    for other in others {
        let outcome = other.ended().await;
        outcome.assert_says(0, &[], &[]);
        applied.push(outcome.lines_with("\"applied\"") as i64);
    }
    applied.sort_unstable();
    assert_eq!(applied, [0, paused_on.applied().await - before]);
    paused_on.database.execute(RESUME).await.expect("a superuser");
    assert_as_undisturbed(&paused_on.database).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: a kill after each statement"]
async fn a_migration_that_is_killed_after_any_statement_is_completed() {
    completes_however_many_statements_are_done(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: hundreds of kills"]
async fn a_migration_that_is_killed_at_any_moment_is_completed_on_postgres() {
    completes_whenever_it_is_killed(DatabaseKind::Postgres, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: hundreds of kills"]
async fn a_migration_that_is_killed_at_any_moment_is_completed_on_sqlite() {
    completes_whenever_it_is_killed(DatabaseKind::Sqlite, 60).await;
}
