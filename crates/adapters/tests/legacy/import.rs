//! What an import promises.

use myashes_adapters::legacy::{LegacyUrl, Silent, Table};
use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::fixture::{
    REVISIONS, TALLY, broken_off, examined, import, live_tally, python_service, schema, session_in_sql,
    try_import,
};

/// Imports every revision, twice, and holds the result against what the rows of the source come to.
async fn ends_exact_twice_over(from: DatabaseKind, to: DatabaseKind) {
    for revision in REVISIONS {
        let Some(source) = python_service(from, revision).await else { return };
        let Some(target) = TestDatabase::new(to).await else { return };
        let report = import(&source, &target).await;
        assert_eq!(report.revision, Some(format!("00{revision}")));

        let builds = report.table(Table::Builds);
        assert_eq!((builds.read, builds.imported, builds.quarantined.len()), (4, 3, 1), "{revision}");
        let votes = report.table(Table::Votes);
        let set_aside = if revision >= 4 { 5 } else { 4 };
        assert_eq!(
            (votes.imported, votes.quarantined.len()),
            (8 - set_aside as u64, set_aside),
            "{revision}"
        );
        let feedback = report.table(Table::Feedback);
        assert_eq!(
            (feedback.imported, feedback.quarantined.len()),
            if revision >= 2 { (1, 2) } else { (0, 0) }
        );
        let searches = report.table(Table::Searches);
        assert_eq!(
            (searches.imported, searches.quarantined.len()),
            if revision >= 3 { (3, 2) } else { (0, 0) }
        );

        let drifted: Vec<_> =
            report.drift.iter().map(|it| (it.build_id.as_str(), it.stored.0, it.counted)).collect();
        let (count, sum) = live_tally(revision);
        assert_eq!(drifted, [("b_00000001", 9, (count, sum)), ("b_00000003", 1, (0, 0))]);
        assert_eq!(target.count(TALLY).await, count * 100 + sum);

        if to == DatabaseKind::Sqlite {
            let samples = target.count("SELECT count(*) FROM sqlite_stat4").await;
            assert_eq!(samples, 0, "samples of values outlive what is erased");
        }
        let owner = session_in_sql(to, "sess_one");
        let owned = format!("SELECT count(*) FROM builds WHERE session = {owner} AND name = 'Iron Wall'");
        assert_eq!(target.count(&owned).await, 1);
        let private = "SELECT count(*) FROM builds WHERE visibility = 'private' AND race = 'pyrai'";
        assert_eq!(target.count(private).await, 1);
        let of_player = "SELECT count(*) FROM builds WHERE player_id = 'p1' AND display_name = 'Ash'";
        assert_eq!(target.count(of_player).await, i64::from(revision >= 4));
        let templates = "SELECT count(*) FROM builds WHERE is_template AND session IS NULL";
        assert_eq!(target.count(templates).await, i64::from(revision >= 6));
        let reviewed = "SELECT count(*) FROM feedback WHERE reviewed_by = 'ann' AND flagged_for_cleanup";
        assert_eq!(target.count(reviewed).await, i64::from(revision >= 5));
        let rolled = "SELECT count(*) FROM search_days WHERE searches = 1";
        assert_eq!(target.count(rolled).await, if revision >= 3 { 3 } else { 0 });
        let time = match to {
            DatabaseKind::Sqlite => "created_at",
            DatabaseKind::Postgres => "CAST(extract(epoch FROM created_at) * 1000000 AS bigint)",
        };
        let created = format!("SELECT {time} FROM builds WHERE build_id = 'b_00000001'");
        assert_eq!(target.count(&created).await, 1_761_991_200_123_456);
        let findings = examined(&target).await;
        assert!(findings.is_clean(), "{findings}");
        assert_eq!(findings.notes().len(), 2, "an archetype and a race that were removed: {findings}");
        let secrets = "SELECT count(*) FROM import_quarantine WHERE contents LIKE '%sess\\_%' ESCAPE '\\'";
        assert_eq!(target.count(secrets).await, 0);

        let again = import(&source, &target).await;
        for table in Table::ALL {
            let it = again.table(table);
            assert_eq!((it.read, it.imported, it.quarantined.len()), (0, 0, 0), "{table:?}");
        }
        assert_eq!(again.drift, report.drift);
        assert_eq!(target.count(TALLY).await, count * 100 + sum);
        let quarantined = 1 + set_aside + feedback.quarantined.len() + searches.quarantined.len();
        assert_eq!(target.count("SELECT count(*) FROM import_quarantine").await, quarantined as i64);
        assert!(examined(&target).await.is_clean());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_revision_ends_exact_from_sqlite_to_sqlite() {
    ends_exact_twice_over(DatabaseKind::Sqlite, DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_revision_ends_exact_from_postgres_to_postgres() {
    ends_exact_twice_over(DatabaseKind::Postgres, DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_revision_ends_exact_from_sqlite_to_postgres() {
    ends_exact_twice_over(DatabaseKind::Sqlite, DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_revision_ends_exact_from_postgres_to_sqlite() {
    ends_exact_twice_over(DatabaseKind::Postgres, DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_broken_off_goes_on_where_it_stopped() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        for at in [(Table::Builds, 1), (Table::Votes, 2), (Table::Searches, 1)] {
            let Some(source) = python_service(kind, 6).await else { continue };
            let target = TestDatabase::new(kind).await.expect("there is a server");
            broken_off(&source, &target, at).await;

            import(&source, &target).await;
            let findings = examined(&target).await;
            assert!(findings.is_clean(), "{findings}");
            let (count, sum) = live_tally(6);
            assert_eq!(target.count(TALLY).await, count * 100 + sum);
            assert_eq!(target.count("SELECT count(*) FROM searches").await, 3);
            assert_eq!(target.count("SELECT count(*) FROM import_quarantine").await, 1 + 5 + 2 + 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_or_deleted_here_stays_so_and_new_rows_come() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(source) = python_service(kind, 6).await else { continue };
        let target = TestDatabase::new(kind).await.expect("there is a server");
        import(&source, &target).await;
        target
            .execute("UPDATE builds SET name = 'Renamed here' WHERE build_id = 'b_00000001'")
            .await
            .unwrap();
        // SQLite cascades a deletion only with this setting.
        let cascade = if kind == DatabaseKind::Sqlite { "PRAGMA foreign_keys = ON;" } else { "" };
        let delete = format!("{cascade} DELETE FROM builds WHERE build_id = 'b_00000004'");
        target.execute(&delete).await.unwrap();
        source
            .execute(
                "INSERT INTO build_votes (build_id, session_id, rating, created_at) VALUES
                 ('b_00000001', 'sess_nine', 3, '2025-11-10 10:00:00'),
                 ('b_00000004', 'sess_nine', 3, '2025-11-10 10:00:00')",
            )
            .await
            .unwrap();

        let report = import(&source, &target).await;
        let votes = report.table(Table::Votes);
        assert_eq!((votes.read, votes.imported, votes.orphaned), (2, 1, 1));
        let names = "SELECT count(*) FROM builds WHERE name = 'Renamed here'";
        assert_eq!(target.count(names).await, 1);
        assert_eq!(
            target.count("SELECT count(*) FROM builds").await,
            2,
            "a deleted build does not come back"
        );
        let (count, sum) = live_tally(6);
        assert_eq!(target.count(TALLY).await, (count + 1) * 100 + sum + 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_schema_of_the_same_database_is_read() {
    let Some(target) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let python = schema(DatabaseKind::Postgres, 3);
    target
        .execute(&format!("CREATE SCHEMA \"py old\"; SET search_path TO \"py old\"; {python}"))
        .await
        .unwrap();
    target
        .execute(
            "INSERT INTO \"py old\".search_analytics (query, search_mode, result_count, session_id, created_at) \
             SELECT 'q' || i % 7, 'quick', i % 3, 's' || i % 50, timestamp '2025-11-01' + i * interval '1 minute' \
             FROM generate_series(1, 5000) AS i",
        )
        .await
        .unwrap();
    let place = LegacyUrl::parse(&target.url, Some("py old")).unwrap();
    let report = try_import(place, &target, 700, &Silent).await.unwrap();
    assert_eq!(report.table(Table::Searches).imported, 5_000);
    assert_eq!(target.count("SELECT CAST(sum(searches) AS bigint) FROM search_days").await, 5_000);
    let findings = examined(&target).await;
    assert!(findings.is_clean(), "{findings}");
}
