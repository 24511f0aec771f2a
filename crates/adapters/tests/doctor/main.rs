//! Each invariant is broken on purpose: the doctor finds and repairs exactly that one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

#[path = "../legacy/fixture.rs"]
#[expect(dead_code, reason = "the fixture also serves the tests of import and export")]
mod fixture;

use myashes_adapters::doctor::{Check, Doctor};
use myashes_domain::clock::Day;
use myashes_domain::ranking::Ranking;
use myashes_testkit::{DatabaseKind, TestDatabase};

use fixture::{examined, game, import, python_service};

const KINDS: [DatabaseKind; 2] = [DatabaseKind::Sqlite, DatabaseKind::Postgres];
const B1: &str = "(SELECT id FROM builds WHERE build_id = 'b_00000001')";

/// A consistent database with builds, votes, tags, feedback and searches.
async fn healthy(kind: DatabaseKind) -> Option<TestDatabase> {
    let source = python_service(DatabaseKind::Sqlite, 6).await?;
    let database = TestDatabase::new(kind).await?;
    import(&source, &database).await;
    let tagged = format!(
        "UPDATE builds SET tags = '[\"pvp\"]' WHERE id = {B1}; INSERT INTO build_tags (tag, build) SELECT 'pvp', {B1}"
    );
    database.execute(&tagged).await.unwrap();
    let findings = examined(&database).await;
    assert!(findings.is_clean(), "{findings}");
    Some(database)
}

/// Breaks a healthy database by `sql`; the doctor must find exactly `wrong`, and nothing after it has repaired it.
async fn assert_found_and_repaired(wrong: &[Check], sql: &str) {
    for kind in KINDS {
        if let Some(database) = healthy(kind).await {
            assert_broken_is_repaired(&database, wrong, sql).await;
        }
    }
}

async fn assert_broken_is_repaired(database: &TestDatabase, wrong: &[Check], sql: &str) {
    // Both databases enforce foreign keys unless that is switched off.
    let unchecked = match database.kind {
        DatabaseKind::Sqlite => "PRAGMA foreign_keys = OFF;",
        DatabaseKind::Postgres => "SET session_replication_role = replica;",
    };
    database.execute(&format!("{unchecked} {sql}")).await.unwrap();
    let (options, game) = (database.options(), game());
    let mut doctor = Doctor::open(&options, &game, None).await.unwrap();
    let findings = doctor.examine().await.unwrap();
    assert_eq!(findings.wrong(), wrong, "{findings}");
    doctor.repair(&findings).await.unwrap();
    let left = doctor.examine().await.unwrap();
    assert!(left.is_clean(), "{:?}: {left}", database.kind);
    database.assert_no_open_transaction().await;
}

macro_rules! seeded {
    ($($name:ident: $wrong:expr, $sql:expr;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            assert_found_and_repaired(&$wrong, &$sql).await;
        })*
    };
}

seeded! {
    a_tally: [Check::Tallies], format!("UPDATE build_ranks SET stars_5 = stars_5 + 1 WHERE build = {B1}");
    a_rating_score: [Check::RatingScores],
        format!("UPDATE build_ranks SET bayesian = bayesian + 0.00001 WHERE build = {B1}");
    a_trend: [Check::TrendScores], format!("UPDATE build_ranks SET trend = trend - 0.00001 WHERE build = {B1}");
    a_day_of_votes: [Check::VoteDays], format!("UPDATE vote_days SET weight = weight + 1 WHERE build = {B1}");
    a_day_without_votes: [Check::VoteDays],
        format!("INSERT INTO vote_days (build, day, votes, rating_sum, weight) SELECT {B1}, 1, 1, 5, 16777216");
    a_vote_that_was_not_counted: [Check::Tallies, Check::RatingScores, Check::TrendScores, Check::VoteDays],
        format!("DELETE FROM votes WHERE build = {B1} AND player_id IS NULL");
    a_listing: [Check::Listed], format!("UPDATE build_ranks SET listed = NOT listed WHERE build = {B1}");
    a_tag_count: [Check::TagCounts], "INSERT INTO tag_changes (tag, difference) VALUES ('pvp', 1)";
    a_tag_that_counts_as_unlisted: [Check::Tags], format!("UPDATE build_tags SET listed = NOT listed WHERE build = {B1}");
    a_hidden_build_that_is_still_listed: [Check::Listed, Check::Facets, Check::Tags],
        format!("UPDATE builds SET hidden = true WHERE id = {B1}");
    a_build_under_the_wrong_facet: [Check::Facets, Check::FacetCounts],
        format!("UPDATE build_ranks SET facet = (SELECT max(id) FROM facets) WHERE build = {B1}");
    a_facet_count: [Check::FacetCounts], "UPDATE facets SET builds = builds + 1 WHERE id = 1";
    a_facet_change: [Check::FacetCounts], "INSERT INTO facet_changes (facet, difference) VALUES (1, 1)";
    a_missing_narrow_row: [Check::Ranks, Check::FacetCounts], format!("DELETE FROM build_ranks WHERE build = {B1}");
    a_tag_that_is_not_indexed: [Check::Tags], "DELETE FROM build_tags";
    a_tag_list_that_cannot_be_read: [Check::Tags], format!("UPDATE builds SET tags = 'pvp' WHERE id = {B1}");
    a_searched_text: [Check::SearchText], format!("UPDATE builds SET name = 'Other' WHERE id = {B1}");
    a_count_of_searches: [Check::SearchDays], "UPDATE search_days SET searches = searches + 1";
    a_count_of_zero_results: [Check::SearchDays], "UPDATE search_days SET zero_results = zero_results + 1";
    an_unranked_search_that_was_counted: [Check::SearchDays, Check::SearchCallers],
        "UPDATE searches SET ranked = false WHERE query = 'Best Tank'";
    a_missing_day_of_searches: [Check::SearchDays, Check::Orphans], "DELETE FROM search_days";
    a_missing_caller: [Check::SearchCallers], "DELETE FROM search_callers";
    a_version_of_the_folding: [Check::FoldingVersion], "UPDATE ranking_constants SET folding = 1";
    a_folded_query: [Check::FeedbackQueries], "UPDATE feedback SET query_folded = 'other'";
    votes_on_nothing: [Check::Orphans],
        "INSERT INTO vote_days (build, day, votes, rating_sum, weight) \
         VALUES (999, 1, 1, 5, 16777216); INSERT INTO build_tags (tag, build) VALUES ('x', 999)";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_day_leaves_its_callers_what_is_known_of_their_addresses() {
    for kind in KINDS {
        let Some(database) = healthy(kind).await else { continue };
        let number =
            "SELECT count(*) FROM search_callers WHERE address = (SELECT session FROM feedback LIMIT 1)";
        database
            .execute("UPDATE search_callers SET address = (SELECT session FROM feedback LIMIT 1)")
            .await
            .unwrap();
        let known = database.count(number).await;
        assert!(known > 0);
        assert_broken_is_repaired(&database, &[Check::SearchDays, Check::Orphans], "DELETE FROM search_days")
            .await;
        assert_eq!(database.count(number).await, known, "{kind:?}");
    }
}

/// A create writes the row of its scores, which refers to its facet, then its tags, and counts the facet last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_and_a_create_do_not_wait_for_each_other() {
    let Some(database) = healthy(DatabaseKind::Postgres).await else { return };
    database.execute("INSERT INTO tag_changes (tag, difference) VALUES ('pvp', 1)").await.unwrap();
    let (options, game) = (database.options(), game());
    let mut doctor = Doctor::open(&options, &game, None).await.unwrap();
    let findings = doctor.examine().await.unwrap();

    let (create, connection) = tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let begin = format!(
        "BEGIN; CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM builds WHERE id = {B1}; \
         UPDATE one SET id = 999, build_id = 'b_99999999'; INSERT INTO builds SELECT * FROM one; \
         INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend) \
         SELECT 999, facet, listed, created_at, -1, -1 FROM build_ranks WHERE build = {B1}; \
         INSERT INTO build_tags (tag, build) VALUES ('pvp', 999)"
    );
    create.batch_execute(&begin).await.unwrap();
    let (repaired, ()) = tokio::join!(doctor.repair(&findings), async {
        database.until_a_session_waits().await;
        let count = "INSERT INTO facet_changes (facet, difference) SELECT facet, 1 FROM build_ranks WHERE \
                     build = 999; COMMIT";
        create.batch_execute(count).await.unwrap();
    });
    repaired.unwrap();
    let left = doctor.examine().await.unwrap();
    assert!(left.is_clean(), "{left}");
}

/// The job that adds changes up holds its advisory lock from before it reads them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_waits_for_changes_that_are_being_added_up() {
    let Some(database) = healthy(DatabaseKind::Postgres).await else { return };
    database.execute("INSERT INTO facet_changes (facet, difference) VALUES (1, 1)").await.unwrap();
    let (options, game) = (database.options(), game());
    let mut doctor = Doctor::open(&options, &game, None).await.unwrap();
    let findings = doctor.examine().await.unwrap();

    let (job, connection) = tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    job.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(x'74616773'::bigint)").await.unwrap();
    let (repaired, ()) = tokio::join!(doctor.repair(&findings), async {
        database.until_a_session_waits().await;
        let add = "UPDATE facets SET builds = builds + 1 WHERE id = 1; DELETE FROM facet_changes; COMMIT";
        job.batch_execute(add).await.unwrap();
    });
    repaired.unwrap();
    let left = doctor.examine().await.unwrap();
    assert!(left.is_clean(), "{left}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_index_that_lost_a_text() {
    let Some(database) = healthy(DatabaseKind::Sqlite).await else { return };
    let forget = format!(
        "INSERT INTO build_search (build_search, rowid, search_text) SELECT 'delete', id, search_text FROM builds \
         WHERE id = {B1}"
    );
    assert_broken_is_repaired(&database, &[Check::SearchIndex], &forget).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn constants_of_the_ranking_that_were_changed() {
    for kind in KINDS {
        let Some(database) = healthy(kind).await else { continue };
        let ranking = Ranking { prior_mean: 3.0, prior_weight: 5.0, half_life: 86_400.0 };
        let options = myashes_adapters::StorageOptions { ranking, ..database.options() };
        let game = game();
        let storage = myashes_adapters::Storage::open(&options).unwrap();
        assert_ne!(storage.schema.settle_ranking().await.unwrap(), ranking, "the service does not start");

        let mut doctor = Doctor::open(&options, &game, None).await.unwrap();
        let findings = doctor.examine().await.unwrap();
        assert_eq!(
            findings.wrong(),
            [Check::RatingScores, Check::TrendScores, Check::VoteDays, Check::RankingConstants]
        );
        doctor.repair(&findings).await.unwrap();
        assert!(doctor.examine().await.unwrap().is_clean());
        assert_eq!(storage.schema.settle_ranking().await.unwrap(), ranking, "the service starts again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roll_ups_of_days_that_are_being_swept_are_left_alone() {
    let Some(database) = healthy(DatabaseKind::Sqlite).await else { return };
    database.execute("DELETE FROM searches WHERE query = 'Best Tank'").await.unwrap();
    assert_eq!(examined(&database).await.wrong(), [Check::SearchDays, Check::SearchCallers]);
    let first = i32::try_from(database.count("SELECT min(day) FROM search_days").await).unwrap();
    let (options, game) = (database.options(), game());
    let swept = Some(Day(first + 1).start());
    let mut doctor = Doctor::open(&options, &game, swept).await.unwrap();
    assert!(doctor.examine().await.unwrap().is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_kept_when_the_day_of_their_callers_is_repaired() {
    for kind in KINDS {
        let Some(database) = healthy(kind).await else { continue };
        let hash = match kind {
            DatabaseKind::Sqlite => "x'ab'",
            DatabaseKind::Postgres => "decode('ab', 'hex')",
        };
        let callers = database.count("SELECT count(*) FROM search_callers").await;
        let damage = format!(
            "UPDATE search_callers SET address = {hash}; UPDATE search_days SET searches = searches + 1"
        );
        assert_broken_is_repaired(&database, &[Check::SearchDays], &damage).await;
        let kept = format!("SELECT count(*) FROM search_callers WHERE address = {hash}");
        assert_eq!(database.count(&kept).await, callers);
    }
}
