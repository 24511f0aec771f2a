//! What an export promises for rows that came from the older service: deletions, erasures and changes go back, and
//! nothing is written as long as losses are not accepted.

use std::sync::Arc;

use myashes_adapters::legacy::Table;
use myashes_domain::accounts::Erasure;
use myashes_domain::clock::Clock as _;
use myashes_domain::ids::BuildId;
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest};
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::{DatabaseKind, ManualClock, TestDatabase};

use crate::export::{live_on, try_export};
use crate::fixture::{examined, import, python_service};

const PAIRS: [(DatabaseKind, DatabaseKind); 3] = [
    (DatabaseKind::Sqlite, DatabaseKind::Sqlite),
    (DatabaseKind::Sqlite, DatabaseKind::Postgres),
    (DatabaseKind::Postgres, DatabaseKind::Sqlite),
];

async fn imported(python: DatabaseKind, here: DatabaseKind) -> Option<(TestDatabase, TestDatabase)> {
    let old = python_service(python, 6).await?;
    let database = TestDatabase::new(here).await?;
    import(&old, &database).await;
    Some((old, database))
}

async fn delete_build(database: &TestDatabase, id: &str) {
    let id = BuildId::stored(id.into());
    let permit = Arc::new(|_: &_| Ok(()));
    database.storage().builds.delete(&id, permit, WriteOptions::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deletions_and_erasures_go_back() {
    for (python, here) in PAIRS {
        let Some((old, database)) = imported(python, here).await else { continue };
        delete_build(&database, "b_00000002").await;
        let caller = Caller { session: SessionHash::of("sess_one"), player: None };
        let accounts = database.storage().accounts;
        while accounts.erase(&caller, 100, ManualClock::new().now()).await.unwrap() == Erasure::More {}

        let report = try_export(&database, &old, false).await;
        assert!(report.stored, "nothing is lost: {report}");
        let deleted: Vec<u64> = Table::ALL.iter().map(|table| report.deleted[table]).collect();
        assert_eq!(deleted, [1, 2, 1, 1], "{report}");
        assert_eq!(old.count("SELECT count(*) FROM builds WHERE build_id = 'b_00000002'").await, 0);
        let votes = "SELECT count(*) FROM build_votes WHERE session_id = 'sess_one' AND build_id IN \
                     ('b_00000001', 'b_00000004')";
        assert_eq!(old.count(votes).await, 0, "with the second vote, which was never imported");
        for table in ["feedback", "search_analytics"] {
            let of_session = format!("SELECT count(*) FROM {table} WHERE session_id = 'sess_one'");
            assert_eq!(old.count(&of_session).await, 0, "{table}");
        }
        let recounted = "SELECT CAST(vote_count AS bigint) FROM builds WHERE build_id = 'b_00000004'";
        assert_eq!(old.count(recounted).await, 0);
        assert_eq!(old.count("SELECT count(*) FROM builds").await, 3, "what was set aside stays");

        let again = try_export(&database, &old, false).await;
        assert!(again.stored && again.deleted.values().all(|rows| *rows == 0), "{again}");
        let back = import(&old, &database).await;
        assert_eq!(back.conflicts, []);
        assert_eq!(database.count("SELECT count(*) FROM votes").await, 1);
        assert!(examined(&database).await.is_clean());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_imported_rows_go_back() {
    for (python, here) in PAIRS {
        let Some((old, database)) = imported(python, here).await else { continue };
        let rename = "UPDATE builds SET name = 'Renamed here', visibility = 'private', revision = 2 \
                      WHERE build_id = 'b_00000001'";
        database.execute(rename).await.unwrap();
        let vote = VoteRequest {
            build: BuildId::stored("b_00000001".into()),
            caller: Caller { session: SessionHash::of("sess_one"), player: None },
            action: VoteAction::Put(Rating::parse(3).unwrap()),
            at: ManualClock::new().now(),
        };
        // Of a public build.
        let vote = VoteRequest { build: BuildId::stored("b_00000004".into()), ..vote };
        database.storage().votes.vote(vote, None).await.unwrap();

        let report = try_export(&database, &old, false).await;
        assert!(report.stored, "{report}");
        assert_eq!((report.changed[&Table::Builds], report.changed[&Table::Votes]), (1, 1), "{report}");
        let renamed = "SELECT count(*) FROM builds WHERE id = 1 AND name = 'Renamed here' AND NOT is_public \
                       AND session_id = 'sess_one'";
        assert_eq!(old.count(renamed).await, 1);
        let rated = "SELECT CAST(rating_sum AS bigint) FROM builds WHERE build_id = 'b_00000004'";
        assert_eq!(old.count(rated).await, 3);

        let back = import(&old, &database).await;
        assert_eq!(back.disagreement(), None, "{back}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_until_losses_are_accepted() {
    for (python, here) in PAIRS {
        let Some((old, database)) = imported(python, here).await else { continue };
        live_on(&database).await;
        // Deleted here, and changed there.
        delete_build(&database, "b_00000002").await;
        old.execute("UPDATE builds SET name = 'Renamed there' WHERE build_id = 'b_00000002'").await.unwrap();
        let rows = "SELECT (SELECT count(*) FROM builds) * 100 + (SELECT count(*) FROM build_votes)";
        let before = old.count(rows).await;

        let refused = try_export(&database, &old, false).await;
        assert!(!refused.stored, "{refused}");
        assert_eq!(refused.lost["tags of a build"], ["b_new"], "{refused}");
        let deletion = "the deletion of a row that was changed there since the import";
        assert_eq!(refused.lost[deletion], ["b_00000002"], "{refused}");
        assert_eq!(old.count(rows).await, before);

        let accepted = try_export(&database, &old, true).await;
        assert!(accepted.stored, "{accepted}");
        assert_eq!(accepted.lost, refused.lost);
        assert_eq!(old.count(rows).await, before + 100 + 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_deleted_in_a_database_that_was_not_imported() {
    let Some((_, database)) = imported(DatabaseKind::Sqlite, DatabaseKind::Sqlite).await else { return };
    let other = python_service(DatabaseKind::Sqlite, 6).await.unwrap();
    other.execute("UPDATE builds SET name = 'Another', session_id = 'sess_x'").await.unwrap();
    delete_build(&database, "b_00000002").await;
    database.execute("DELETE FROM feedback; DELETE FROM searches").await.unwrap();
    let report = try_export(&database, &other, true).await;
    assert!(report.deleted.values().all(|rows| *rows == 0), "{report}");
    assert!(report.lost.keys().any(|what| what.contains("not the database that was imported")), "{report}");
}
