//! What an export promises: new rows go back, nothing else is touched, and what was exported is known again.

use myashes_adapters::legacy::{self, Export, ExportReport, Silent, Table};
use myashes_domain::builds::{BuildDraft, Owner, Tags, Visibility};
use myashes_domain::clock::Clock;
use myashes_domain::feedback::{FeedbackDraft, NewFeedback, SearchMode, Thumb};
use myashes_domain::ids::{BuildId, FeedbackId};
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest};
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::{DatabaseKind, ManualClock, TestDatabase, build_draft, search_record};

use crate::fixture::{examined, game, import, live_tally, place, python_service, session_in_sql};

/// An export that stores what has a way back, whatever is lost.
pub async fn export(source: &TestDatabase, target: &TestDatabase) -> ExportReport {
    try_export(source, target, true).await
}

pub async fn try_export(source: &TestDatabase, target: &TestDatabase, accept: bool) -> ExportReport {
    let (options, game) = (source.options(), game());
    let export = Export { source: &options, target: place(target), game: &game, progress: &Silent, accept };
    legacy::export(&export).await.unwrap()
}

/// A build, votes on it and on an old one, feedback and a search, all made here.
pub async fn live_on(database: &TestDatabase) {
    let (storage, at) = (database.storage(), ManualClock::new().now());
    let session = SessionHash::of("sess_new");
    let caller = Caller { session, player: None };
    let draft = BuildDraft {
        visibility: Visibility::Unlisted,
        tags: Tags::parse(&["pvp"]).unwrap(),
        ..build_draft(&game(), "Made here")
    };
    let owner = Owner { session: Some(session), ..Owner::default() };
    let build = draft.into_build(&game(), BuildId::stored("b_new".into()), owner, at);
    storage.builds.create(build, WriteOptions::default()).await.unwrap();
    for id in ["b_new", "b_00000001"] {
        let action = VoteAction::Cast(Rating::parse(5).unwrap());
        let request = VoteRequest { build: BuildId::stored(id.into()), caller: caller.clone(), action, at };
        storage.votes.vote(request, None).await.unwrap();
    }
    let draft = FeedbackDraft {
        query: "new".into(),
        response_snippet: "answer".into(),
        rating: Thumb::Up,
        search_mode: SearchMode::Deep,
        comment: Some("thanks".into()),
    };
    let id = FeedbackId::stored("f_new".into());
    let feedback = NewFeedback { id, draft, session, player_id: None, received_at: at };
    storage.feedback.record(feedback, None).await.unwrap();
    let search = search_record(&caller, "Made Here", at);
    storage.analytics.record(search, None).await.unwrap();
}

async fn goes_there_and_back(python: DatabaseKind, here: DatabaseKind) {
    let Some(old) = python_service(python, 6).await else { return };
    let Some(database) = TestDatabase::new(here).await else { return };
    import(&old, &database).await;
    live_on(&database).await;

    let report = export(&database, &old).await;
    let written: Vec<u64> = Table::ALL.iter().map(|table| report.written[table]).collect();
    assert_eq!(written, [1, 2, 1, 1]);
    assert!(report.lost.keys().any(|what| what.contains("anonymous build")), "{report}");
    assert!(report.lost.keys().any(|what| what.contains("unlisted")), "{report}");
    let recounted = "SELECT CAST(vote_count AS bigint) FROM builds WHERE build_id = 'b_new'";
    assert_eq!(old.count(recounted).await, 1);
    let untouched = "SELECT CAST(vote_count AS bigint) FROM builds WHERE build_id = 'b_00000004'";
    assert_eq!(old.count(untouched).await, 1);

    let again = export(&database, &old).await;
    assert!(again.written.values().all(|rows| *rows == 0), "{again}");

    // Back into the same database: everything is known again, searches too.
    let searches = database.count("SELECT count(*) FROM searches").await;
    let back = import(&old, &database).await;
    for table in Table::ALL {
        let it = back.table(table);
        assert_eq!((it.imported, it.quarantined.len() as u64), (0, 0), "{table:?}: {back}");
    }
    assert_eq!(database.count("SELECT count(*) FROM searches").await, searches);

    // Into an empty one: as if it had come from here.
    let fresh = TestDatabase::new(here).await.expect("there is a server");
    import(&old, &fresh).await;
    let owner = session_in_sql(here, "sess_new");
    for (table, rows) in [("builds", 1), ("votes", 2), ("feedback", 1), ("searches", 1)] {
        let owned = format!("SELECT count(*) FROM {table} WHERE session = {owner}");
        assert_eq!(fresh.count(&owned).await, rows, "{table}");
    }
    let (count, sum) = live_tally(6);
    let tally = "SELECT vote_count * 100 + rating_sum FROM build_ranks \
                 WHERE build = (SELECT id FROM builds WHERE build_id = 'b_00000001')";
    assert_eq!(fresh.count(tally).await, (count + 1) * 100 + sum + 5);
    let findings = examined(&fresh).await;
    assert!(findings.is_clean(), "{findings}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_rows_go_there_and_back_between_sqlite_databases() {
    goes_there_and_back(DatabaseKind::Sqlite, DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_rows_go_there_and_back_between_postgres_databases() {
    goes_there_and_back(DatabaseKind::Postgres, DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_build_is_private_at_the_old_service() {
    for (python, here) in
        [(DatabaseKind::Sqlite, DatabaseKind::Postgres), (DatabaseKind::Postgres, DatabaseKind::Sqlite)]
    {
        let Some(old) = python_service(python, 6).await else { continue };
        let Some(database) = TestDatabase::new(here).await else { continue };
        import(&old, &database).await;
        live_on(&database).await;
        let publish = "UPDATE builds SET visibility = 'public' WHERE build_id = 'b_new'";
        database.execute(publish).await.unwrap();
        let public = |id| format!("SELECT count(*) FROM builds WHERE build_id = '{id}' AND is_public");
        assert_eq!(old.count(&public("b_00000001")).await, 1, "it came from there");
        let storage = database.storage();
        for id in ["b_new", "b_00000001"] {
            let id = BuildId::stored(id.into());
            storage.builds.set_hidden(&id, true, WriteOptions::default()).await.unwrap();
        }
        let report = export(&database, &old).await;
        let hidden = &report.lost["that a build is hidden (it becomes private)"];
        assert_eq!(hidden, &["b_00000001", "b_new"], "{report}");
        for id in ["b_new", "b_00000001"] {
            assert_eq!(old.count(&public(id)).await, 0, "{id}");
        }
        assert_eq!(old.count("SELECT count(*) FROM builds WHERE build_id = 'b_new'").await, 1);
        assert!(old.count("SELECT count(*) FROM builds WHERE is_public").await > 0, "others stay public");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_revision_takes_what_it_has_columns_for() {
    let old = python_service(DatabaseKind::Sqlite, 1).await.unwrap();
    let database = TestDatabase::new(DatabaseKind::Sqlite).await.unwrap();
    import(&old, &database).await;
    live_on(&database).await;
    let report = export(&database, &old).await;
    assert_eq!(report.written.len(), 2, "there is no table for feedback and searches: {report}");
    assert!(report.lost.keys().any(|what| what.contains("feedback")), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_that_cannot_be_read_do_not_stop_the_way_back() {
    for (python, here) in
        [(DatabaseKind::Sqlite, DatabaseKind::Postgres), (DatabaseKind::Postgres, DatabaseKind::Sqlite)]
    {
        let Some(old) = python_service(python, 2).await else { continue };
        let Some(database) = TestDatabase::new(here).await else { continue };
        import(&old, &database).await;
        live_on(&database).await;
        let broken = "UPDATE builds SET tags = 'no list' WHERE build_id = 'b_new'";
        database.execute(broken).await.unwrap();
        let report = export(&database, &old).await;
        assert_eq!(report.lost["tags of a build"], ["b_new"], "{report}");
        assert_eq!(old.count("SELECT count(*) FROM builds WHERE build_id = 'b_new'").await, 1);
    }
}
