//! A database of the Python service at any of its revisions, with what time has done to it: drifted aggregates,
//! double votes, votes on nothing, ratings and modes that never were.

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use futures_util::FutureExt as _;
use myashes_adapters::doctor::{Check, Doctor, Findings};
use myashes_adapters::legacy::{self, Import, ImportReport, LegacyUrl, Progress, Silent, Table};
use myashes_domain::clock::Clock as _;
use myashes_domain::game::GamePack;
use myashes_domain::retention::Cutoffs;
use myashes_domain::session::SessionHash;
use myashes_testkit::{DatabaseKind, ManualClock, TestDatabase};

pub const REVISIONS: std::ops::RangeInclusive<u32> = 1..=6;

/// Votes and stars of `b_00000001`.
pub const TALLY: &str = "SELECT vote_count * 100 + rating_sum FROM build_ranks \
                         WHERE build = (SELECT id FROM builds WHERE build_id = 'b_00000001')";

pub fn game() -> GamePack {
    GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap()
}

/// A database of the Python service.
pub async fn python_service(kind: DatabaseKind, revision: u32) -> Option<TestDatabase> {
    let database = TestDatabase::unmigrated(kind).await?;
    database.execute(&schema(kind, revision)).await.unwrap();
    database.execute(&rows(kind, revision)).await.unwrap();
    Some(database)
}

pub fn schema(kind: DatabaseKind, revision: u32) -> String {
    let (id, time) = match kind {
        DatabaseKind::Postgres => ("serial PRIMARY KEY", "timestamp without time zone"),
        DatabaseKind::Sqlite => ("INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", "DATETIME"),
    };
    let mut sql = format!(
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
         INSERT INTO alembic_version VALUES ('00{revision}');
         CREATE TABLE builds (id {id}, build_id varchar(12) NOT NULL, name varchar(100) NOT NULL, description text,
            primary_archetype varchar(20) NOT NULL, secondary_archetype varchar(20) NOT NULL,
            class_name varchar(50) NOT NULL, race varchar(20) NOT NULL, is_public boolean NOT NULL,
            session_id varchar(64) NOT NULL, user_id varchar(64), created_at {time} NOT NULL, updated_at {time},
            rating_sum float NOT NULL, vote_count integer NOT NULL);
         CREATE TABLE build_votes (id {id}, build_id varchar(12) NOT NULL, session_id varchar(64) NOT NULL,
            user_id varchar(64), rating integer NOT NULL, created_at {time} NOT NULL);"
    );
    let later = [
        format!(
            "CREATE TABLE feedback (id {id}, feedback_id varchar(12) NOT NULL, query text NOT NULL,
             response_snippet text NOT NULL, search_mode varchar(10) NOT NULL, rating varchar(8) NOT NULL,
             comment text, session_id varchar(64) NOT NULL, user_id varchar(64), created_at {time} NOT NULL);"
        ),
        format!(
            "CREATE TABLE search_analytics (id {id}, query text NOT NULL, search_mode varchar(10) NOT NULL,
             result_count integer NOT NULL, session_id varchar(64) NOT NULL, user_id varchar(64),
             created_at {time} NOT NULL);"
        ),
        "ALTER TABLE builds ADD COLUMN player_id varchar(64); ALTER TABLE builds ADD COLUMN steam_id varchar(32);
         ALTER TABLE builds ADD COLUMN steam_display_name varchar(64);
         ALTER TABLE build_votes ADD COLUMN player_id varchar(64);
         ALTER TABLE build_votes ADD COLUMN steam_id varchar(32);"
            .to_owned(),
        format!(
            "ALTER TABLE feedback ADD COLUMN reviewed_at {time}; ALTER TABLE feedback ADD COLUMN reviewed_by text;
             ALTER TABLE feedback ADD COLUMN flagged_for_cleanup boolean DEFAULT false NOT NULL;
             ALTER TABLE feedback ADD COLUMN cleanup_issue_url text;"
        ),
        "ALTER TABLE builds ADD COLUMN is_template boolean DEFAULT false NOT NULL;".to_owned(),
    ];
    for step in later.iter().take(revision as usize - 1) {
        sql.push_str(step);
    }
    sql
}

/// Votes: 1 and 2 are imported. 3 has no such rating, 4 no build, 5 is the session's second, 7 is on a build that
/// cannot be imported. From revision 4 on 6 is the same player's as 2, and older, so that 2 cannot be imported.
fn rows(kind: DatabaseKind, revision: u32) -> String {
    let truth = |it: bool| match kind {
        DatabaseKind::Postgres => it.to_string(),
        DatabaseKind::Sqlite => u8::from(it).to_string(),
    };
    let (yes, no) = (truth(true), truth(false));
    let mut sql = format!(
        "INSERT INTO builds (build_id, name, description, primary_archetype, secondary_archetype, class_name, race,
            is_public, session_id, user_id, created_at, updated_at, rating_sum, vote_count) VALUES
         ('b_00000001', ' Iron Wall ', 'holds the line', 'tank', 'fighter', 'Knight', 'vek', {yes}, 'sess_one', 'u1',
            '2025-11-01 10:00:00.123456', '2025-11-02 10:00:00', 99.0, 9),
         ('b_00000002', 'Secret', NULL, 'Mage', 'mage', 'Archwizard', 'Pyrai', {no}, 'sess_two', NULL,
            '2025-11-03 10:00:00', NULL, 0.0, 0),
         ('b_00000003', '  ', NULL, 'tank', 'tank', 'Guardian', 'vek', {yes}, 'sess_two', NULL,
            '2025-11-03 10:00:00', NULL, 5.0, 1),
         ('b_00000004', 'Old class', NULL, 'witch', 'tank', 'Hexer', 'gnome', {yes}, 'sess_two', NULL,
            '2025-11-04 10:00:00', NULL, 4.0, 1);
         INSERT INTO build_votes (build_id, session_id, rating, created_at) VALUES
         ('b_00000001', 'sess_one', 5, '2025-11-05 10:00:00.000001'),
         ('b_00000001', 'sess_two', 4, '2025-11-06 10:00:00'),
         ('b_00000001', 'sess_three', 9, '2025-11-06 11:00:00'),
         ('b_nowhere', 'sess_one', 5, '2025-11-06 12:00:00'),
         ('b_00000001', 'sess_one', 1, '2025-11-06 13:00:00'),
         ('b_00000001', 'sess_four', 2, '2025-11-06 09:00:00'),
         ('b_00000003', 'sess_one', 5, '2025-11-06 12:00:00'),
         ('b_00000004', 'sess_one', 4, '2025-11-07 12:00:00');"
    );
    if revision >= 2 {
        sql.push_str(
            "INSERT INTO feedback (feedback_id, query, response_snippet, search_mode, rating, comment, session_id,
                created_at) VALUES
             ('f_00000001', 'Best  TANK', 'A shield', 'quick', 'down', NULL, 'sess_one', '2025-11-08 10:00:00'),
             ('f_00000002', 'best mage', 'A staff', 'smart', 'sideways', NULL, 'sess_two', '2025-11-08 11:00:00'),
             ('f_00000001', 'twice', 'x', 'deep', 'up', NULL, 'sess_two', '2025-11-08 12:00:00');",
        );
    }
    if revision >= 3 {
        sql.push_str(
            "INSERT INTO search_analytics (query, search_mode, result_count, session_id, created_at) VALUES
             ('Best Tank', 'quick', 3, 'sess_one', '2025-11-08 10:00:00.5'),
             ('best  tank', 'quick', 0, 'sess_two', '2025-11-08 23:59:59.999999'),
             ('best tank', 'quick', 3, 'sess_two', '2025-11-09 00:00:00'),
             ('best tank', 'warp', 3, 'sess_two', '2025-11-09 00:00:00'),
             ('best tank', 'deep', -1, 'sess_two', '2025-11-09 00:00:00');",
        );
    }
    if revision >= 4 {
        sql.push_str(
            "UPDATE build_votes SET player_id = 'p1', steam_id = '765' WHERE id IN (2, 6);
             UPDATE builds SET player_id = 'p1', steam_id = '765', steam_display_name = 'Ash' WHERE id = 1;",
        );
    }
    if revision >= 5 {
        write!(
            sql,
            "UPDATE feedback SET reviewed_at = '2025-11-09 10:00:00', reviewed_by = 'ann',
             flagged_for_cleanup = {yes}, cleanup_issue_url = 'https://example.org/1' WHERE id = 1;"
        )
        .unwrap();
    }
    if revision >= 6 {
        write!(sql, "UPDATE builds SET is_template = {yes} WHERE id = 4;").unwrap();
    }
    sql
}

/// How many votes and stars of `b_00000001` are imported.
pub fn live_tally(revision: u32) -> (i64, i64) {
    if revision >= 4 { (2, 5 + 2) } else { (3, 5 + 4 + 2) }
}

pub fn place(database: &TestDatabase) -> LegacyUrl {
    LegacyUrl::parse(&database.url, None).unwrap()
}

pub async fn import(source: &TestDatabase, target: &TestDatabase) -> ImportReport {
    try_import(place(source), target, 3, &Silent).await.unwrap()
}

pub async fn try_import(
    source: LegacyUrl,
    target: &TestDatabase,
    batch: usize,
    progress: &dyn Progress,
) -> Result<ImportReport, legacy::CommandError> {
    run(source, target, batch, progress, false).await
}

/// An import that breaks off in a batch of a table.
pub async fn broken_off(source: &TestDatabase, target: &TestDatabase, at: (Table, u32)) {
    let progress = BreaksOff { at, seen: Mutex::default() };
    let task = AssertUnwindSafe(try_import(place(source), target, 2, &progress));
    assert!(task.catch_unwind().await.is_err(), "it was to be broken off at {at:?}");
    assert!(examined(target).await.count(Check::Import) > 0, "a half-done import is a fault");
}

/// What an import would do.
pub async fn dry_run(source: &TestDatabase, target: &TestDatabase) -> ImportReport {
    run(place(source), target, 3, &Silent, true).await.unwrap()
}

async fn run(
    source: LegacyUrl,
    target: &TestDatabase,
    batch: usize,
    progress: &dyn Progress,
    dry_run: bool,
) -> Result<ImportReport, legacy::CommandError> {
    let (options, game, clock) = (target.options(), game(), ManualClock::new());
    let import = Import {
        source,
        target: &options,
        game: &game,
        clock: &clock,
        retention: keep_all(),
        progress,
        batch,
        dry_run,
    };
    legacy::import(&import).await
}

/// No retention.
pub fn keep_all() -> Cutoffs {
    Cutoffs::at(ManualClock::new().now(), 0, 0)
}

/// What the doctor says of a database.
pub async fn examined(database: &TestDatabase) -> Findings {
    let (options, game) = (database.options(), game());
    Doctor::open(&options, &game, None).await.unwrap().examine().await.unwrap()
}

/// A binary value in SQL.
pub fn session_in_sql(kind: DatabaseKind, session: &str) -> String {
    let hash = hex::encode(SessionHash::of(session).0);
    match kind {
        DatabaseKind::Postgres => format!("decode('{hash}', 'hex')"),
        DatabaseKind::Sqlite => format!("x'{hash}'"),
    }
}

struct BreaksOff {
    at: (Table, u32),
    seen: Mutex<(Option<Table>, u32)>,
}

impl Progress for BreaksOff {
    fn begin(&self, table: Table, _: u64) {
        *self.seen.lock().unwrap() = (Some(table), 0);
    }

    fn advance(&self, _: u64) {
        let mut seen = self.seen.lock().unwrap();
        seen.1 += 1;
        let reached = *seen == (Some(self.at.0), self.at.1);
        drop(seen);
        assert!(!reached, "the import is broken off here");
    }

    fn end(&self) {}
}
