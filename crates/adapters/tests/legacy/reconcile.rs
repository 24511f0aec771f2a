//! What another import promises: changes of the source are carried over, those made here stay, and the comparison at
//! its end shows every difference.

use myashes_adapters::legacy::{ImportReport, Table};
use myashes_domain::builds::Visibility;
use myashes_domain::clock::Clock as _;
use myashes_domain::ids::BuildId;
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest};
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::{DatabaseKind, ManualClock, TestDatabase};

use crate::fixture::{TALLY, broken_off, dry_run, examined, import, python_service};

const PAIRS: [(DatabaseKind, DatabaseKind); 4] = [
    (DatabaseKind::Sqlite, DatabaseKind::Sqlite),
    (DatabaseKind::Sqlite, DatabaseKind::Postgres),
    (DatabaseKind::Postgres, DatabaseKind::Sqlite),
    (DatabaseKind::Postgres, DatabaseKind::Postgres),
];

/// A database of the Python service, and one of this service that has imported it.
async fn imported(from: DatabaseKind, to: DatabaseKind) -> Option<(TestDatabase, TestDatabase)> {
    let source = python_service(from, 6).await?;
    let target = TestDatabase::new(to).await?;
    let report = import(&source, &target).await;
    assert_eq!(report.disagreement(), None, "{report}");
    Some((source, target))
}

/// Life goes on at the older service: a build is renamed and made private, another deleted with its vote, a vote
/// changed, one withdrawn, and there is a new one of everything.
async fn live_on_at_the_source(source: &TestDatabase) {
    source
        .execute(
            "UPDATE builds SET name = 'Iron Gate', is_public = (1 = 0), race = 'kaelar' WHERE id = 1;
             DELETE FROM build_votes WHERE build_id = 'b_00000004';
             DELETE FROM builds WHERE build_id = 'b_00000004';
             UPDATE build_votes SET rating = 3 WHERE id = 1;
             DELETE FROM build_votes WHERE id = 6;
             INSERT INTO builds (build_id, name, primary_archetype, secondary_archetype, class_name, race, is_public,
                session_id, created_at, rating_sum, vote_count, is_template) VALUES
             ('b_00000005', 'New', 'tank', 'fighter', 'Knight', 'vek', (1 = 1), 'sess_new', '2025-12-01 10:00:00', 0, 0,
                (1 = 0));
             INSERT INTO build_votes (build_id, session_id, rating, created_at) VALUES
             ('b_00000005', 'sess_one', 1, '2025-12-01 11:00:00');
             INSERT INTO feedback (feedback_id, query, response_snippet, search_mode, rating, session_id, created_at)
             VALUES ('f_00000003', 'new', 'x', 'deep', 'up', 'sess_two', '2025-12-01 12:00:00');
             INSERT INTO search_analytics (query, search_mode, result_count, session_id, created_at) VALUES
             ('new', 'quick', 3, 'sess_one', '2025-12-01 10:00:00');",
        )
        .await
        .unwrap();
}

async fn assert_as_at_the_source(target: &TestDatabase) {
    let renamed = "SELECT count(*) FROM builds WHERE build_id = 'b_00000001' AND name = 'Iron Gate' \
                   AND visibility = 'private' AND revision = 2";
    assert_eq!(target.count(renamed).await, 1);
    let listed = "SELECT count(*) FROM build_ranks WHERE listed";
    assert_eq!(target.count(listed).await, 1, "only the new build is public");
    assert_eq!(target.count("SELECT count(*) FROM builds WHERE build_id = 'b_00000004'").await, 0);
    // The withdrawn vote of a player was followed by another one, of 4 stars.
    assert_eq!(target.count(TALLY).await, 2 * 100 + 3 + 4);
    assert_eq!(target.count("SELECT count(*) FROM votes").await, 3);
    assert_eq!(target.count("SELECT count(*) FROM feedback").await, 2);
    assert_eq!(target.count("SELECT count(*) FROM searches").await, 4);
    let findings = examined(target).await;
    assert!(findings.is_clean(), "{findings}");
}

fn reconciled(report: &ImportReport, table: Table) -> (u64, u64, u64) {
    let it = report.table(table);
    (it.imported, it.changed, it.removed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_at_the_source_is_carried_over_by_another_import() {
    for (from, to) in PAIRS {
        let Some((source, target)) = imported(from, to).await else { continue };
        live_on_at_the_source(&source).await;
        let foretold = dry_run(&source, &target).await;
        let report = import(&source, &target).await;
        assert_eq!(report.disagreement(), None, "{report}");
        assert_eq!(reconciled(&report, Table::Builds), (1, 1, 1), "{report}");
        assert_eq!(reconciled(&report, Table::Votes), (2, 1, 2), "{report}");
        assert_as_at_the_source(&target).await;
        for table in Table::ALL {
            assert_eq!(foretold.table(table), report.table(table), "{foretold}");
        }
        assert_eq!(foretold.conflicts, []);

        let again = import(&source, &target).await;
        assert_eq!(again.disagreement(), None, "{again}");
        for table in Table::ALL {
            assert_eq!(reconciled(&again, table), (0, 0, 0), "{again}");
        }
        assert_as_at_the_source(&target).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_build_that_its_author_made_private_there_is_private_when_it_is_shown_again() {
    for (from, to) in PAIRS {
        let Some((source, target)) = imported(from, to).await else { continue };
        let storage = target.storage();
        let id = BuildId::parse("b_00000001").unwrap();
        storage.builds.set_hidden(&id, true, WriteOptions::default()).await.unwrap();
        source.execute("UPDATE builds SET is_public = (1 = 0) WHERE id = 1").await.unwrap();
        import(&source, &target).await;
        let build = storage.builds.set_hidden(&id, false, WriteOptions::default()).await.unwrap();
        assert_eq!(build.executed().unwrap().summary.content.visibility, Visibility::Private);
        let findings = examined(&target).await;
        assert!(findings.is_clean(), "{findings}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_import_that_is_broken_off_goes_on_where_it_stopped() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        for at in [(Table::Builds, 1), (Table::Votes, 1), (Table::Votes, 3), (Table::Searches, 2)] {
            let Some((source, target)) = imported(kind, kind).await else { continue };
            live_on_at_the_source(&source).await;
            broken_off(&source, &target, at).await;

            let report = import(&source, &target).await;
            assert_eq!(report.disagreement(), None, "{report}");
            assert_as_at_the_source(&target).await;
        }
    }
}

async fn vote_here(target: &TestDatabase, session: &str, action: VoteAction) {
    let request = VoteRequest {
        build: BuildId::stored("b_00000001".into()),
        caller: Caller { session: SessionHash::of(session), player: None },
        action,
        at: ManualClock::new().now(),
    };
    target.storage().votes.vote(request, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_on_both_sides_is_reported_and_stays_as_it_is_here() {
    for (from, to) in PAIRS {
        let Some((source, target)) = imported(from, to).await else { continue };
        let storage = target.storage();
        // Here: one build changed, one deleted, a vote changed, one cast.
        let deleted = BuildId::stored("b_00000002".into());
        let permit = std::sync::Arc::new(|_: &_| Ok(()));
        storage.builds.delete(&deleted, permit, WriteOptions::default()).await.unwrap();
        let change = "UPDATE builds SET revision = revision + 1 WHERE build_id = 'b_00000001'";
        target.execute(change).await.unwrap();
        vote_here(&target, "sess_one", VoteAction::Put(Rating::parse(1).unwrap())).await;
        vote_here(&target, "sess_nine", VoteAction::Cast(Rating::parse(5).unwrap())).await;
        let before = target.count(TALLY).await;

        source
            .execute(
                "UPDATE builds SET name = 'Renamed there' WHERE id IN (1, 2);
                 UPDATE build_votes SET rating = 2 WHERE id = 1;
                 INSERT INTO build_votes (build_id, session_id, rating, created_at) VALUES
                 ('b_00000001', 'sess_nine', 3, '2025-11-10 10:00:00');",
            )
            .await
            .unwrap();
        let report = import(&source, &target).await;

        let conflicts: Vec<_> = report.conflicts.iter().map(|it| (it.table, it.id)).collect();
        let expected = [(Table::Builds, 2), (Table::Builds, 1), (Table::Votes, 1), (Table::Votes, 9)];
        assert_eq!(conflicts.len(), 4, "{report}");
        assert!(expected.iter().all(|it| conflicts.contains(it)), "{report}");
        let why = report.disagreement().unwrap();
        assert_eq!(why, "4 rows could not be reconciled", "the rest is equal: {report}");
        assert_eq!(target.count("SELECT count(*) FROM builds WHERE name = 'Renamed there'").await, 0);
        assert_eq!(target.count(TALLY).await, before);
        let findings = examined(&target).await;
        assert!(findings.is_clean(), "{findings}");

        let again = import(&source, &target).await;
        assert_eq!(again.conflicts.len(), 4, "they are reported until they are settled: {again}");

        // Deleted there and changed here.
        source
            .execute("DELETE FROM build_votes WHERE id = 1; DELETE FROM builds WHERE id = 1")
            .await
            .unwrap();
        let report = import(&source, &target).await;
        assert!(report.conflicts.iter().any(|it| (it.table, it.id) == (Table::Builds, 1)), "{report}");
        assert!(report.conflicts.iter().any(|it| (it.table, it.id) == (Table::Votes, 1)), "{report}");
        assert_eq!(target.count("SELECT count(*) FROM builds WHERE build_id = 'b_00000001'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_was_set_aside_and_repaired_at_the_source_is_adopted() {
    for (from, to) in PAIRS {
        let Some((source, target)) = imported(from, to).await else { continue };
        source.execute("UPDATE builds SET name = 'Named at last' WHERE id = 3").await.unwrap();
        let report = import(&source, &target).await;
        assert_eq!(report.disagreement(), None, "{report}");
        // With the vote on it.
        assert_eq!(reconciled(&report, Table::Builds), (1, 0, 0), "{report}");
        assert_eq!(reconciled(&report, Table::Votes), (1, 0, 0), "{report}");
        let set_aside = "SELECT count(*) FROM import_quarantine WHERE relation = 'builds'";
        assert_eq!(target.count(set_aside).await, 0);
        assert!(examined(&target).await.is_clean());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_differs_from_the_source_breaks_the_proof() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        for (table, tamper, differing) in [
            (Table::Builds, "UPDATE builds SET description = 'x' WHERE build_id = 'b_00000001'", 1),
            (Table::Votes, "UPDATE votes SET rating = 4 WHERE rating = 5", 1),
            (Table::Feedback, "UPDATE feedback SET query = 'x'", 1),
            (Table::Searches, "UPDATE searches SET result_count = 9 WHERE result_count = 0", 2),
            (Table::Searches, "DELETE FROM searches WHERE result_count = 0", 2),
        ] {
            let Some((source, target)) = imported(kind, kind).await else { continue };
            target.execute(tamper).await.unwrap();
            let report = import(&source, &target).await;
            for (of, proof) in &report.proof {
                assert_eq!(proof.holds(), *of != table, "{of:?} after {tamper}: {report}");
            }
            assert_eq!(report.proof[&table].differing, [differing], "{report}");
            let why = report.disagreement().unwrap();
            assert_eq!(why, format!("{} differs from the source", table.name()));
        }
    }
}
