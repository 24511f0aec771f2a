use futures_util::future::join_all;
use myashes_domain::accounts::{ExportCursor, ExportKind};
use myashes_domain::analytics::{CandidateRequest, CountedAddress, SPARE_CALLERS, SearchRecord};
use myashes_testkit::{DatabaseKind, search_record};

use crate::support::{TestContext, caller, promises};

promises!(
    unranked_searches_are_stored_and_do_not_count,
    the_threshold_asks_for_as_many_addresses_as_callers,
    an_address_that_came_with_two_callers_at_once_is_one,
    many_callers_of_one_address_do_not_crowd_out_others,
    as_many_callers_are_stored_as_the_threshold_needs_and_some_to_spare,
    a_repeated_caller_takes_the_place_of_no_new_address,
    callers_of_several_days_come_together,
    an_erasure_counts_out_ranked_searches_only,
    candidates_are_needed_for_many_queries_only,
    candidates_of_earlier_days_are_collected_once_an_hour,
    many_queries_are_ranked_among_candidates,
);

const MIN_CALLERS: u32 = 3;

/// A caller from one of the addresses; 0 is for an address of the caller's own.
async fn search(stage: &TestContext, session: &str, address: u8, query: &str, ranked: bool) {
    let record = SearchRecord {
        ranked,
        address: if address == 0 { CountedAddress::Own } else { CountedAddress::Hashed([address; 16]) },
        min_callers: MIN_CALLERS,
        ..search_record(&caller(session), query, stage.now())
    };
    stage.storage.analytics.record(record, None).await.unwrap();
}

async fn refresh(stage: &TestContext) -> bool {
    let request = CandidateRequest { min_callers: MIN_CALLERS, at: stage.now() };
    stage.storage.analytics.refresh_candidates(request).await.unwrap()
}

async fn unranked_searches_are_stored_and_do_not_count(stage: TestContext) {
    search(&stage, "a", 0, "tank", true).await;
    search(&stage, "a", 0, "tank", false).await;
    search(&stage, "b", 0, "tank", false).await;
    search(&stage, "b", 0, "junk", false).await;
    assert_eq!(stage.popular(7, 1).await, [("tank".to_owned(), 1)]);
    assert_eq!(stage.database.count("SELECT count(*) FROM searches").await, 4);
    assert_eq!(stage.database.count("SELECT count(*) FROM search_callers").await, 1);
    let b = caller("b");
    let searches = stage.storage.accounts.export(&b, ExportKind::Searches, ExportCursor::default());
    assert_eq!(searches.await.unwrap().items.len(), 2);
}

async fn the_threshold_asks_for_as_many_addresses_as_callers(stage: TestContext) {
    for session in ["a", "b", "c", "d", "e"] {
        search(&stage, session, 1, "ad", true).await;
    }
    search(&stage, "f", 2, "ad", true).await;
    assert!(stage.popular(7, MIN_CALLERS).await.is_empty());
    search(&stage, "a", 3, "ad", true).await;
    assert!(stage.popular(7, MIN_CALLERS).await.is_empty(), "a caller is one caller at any address");
    search(&stage, "g", 3, "ad", true).await;
    assert_eq!(stage.popular(7, MIN_CALLERS).await, [("ad".to_owned(), 8)]);
    for session in ["a", "b", "c"] {
        search(&stage, session, 0, "through the site", true).await;
    }
    assert_eq!(stage.popular(7, MIN_CALLERS).await.len(), 2, "with addresses of their own");
    assert_eq!(stage.popular(7, 1).await.len(), 2);
}

async fn an_address_that_came_with_two_callers_at_once_is_one(stage: TestContext) {
    let shown = || async {
        stage.popular(7, MIN_CALLERS).await.into_iter().map(|(query, _)| query).collect::<Vec<_>>()
    };
    for address in 1..4 {
        search(&stage, &format!("caller {address}"), address, "ad", true).await;
    }
    assert_eq!(shown().await, ["ad"]);
    // As processes store it that look at the same moment.
    let same =
        "UPDATE search_callers SET address = (SELECT address FROM search_callers ORDER BY caller LIMIT 1)";
    stage.database.execute(same).await.unwrap();
    assert!(shown().await.is_empty());
    // The same by candidates.
    fill(&stage).await;
    assert!(refresh(&stage).await);
    assert!(shown().await.is_empty());
    assert_eq!(stage.database.count("SELECT callers FROM popular_candidates WHERE callers > 0").await, 1);
    search(&stage, "caller 4", 4, "ad", true).await;
    search(&stage, "caller 5", 5, "ad", true).await;
    assert_eq!(shown().await, ["ad"]);
}

async fn many_callers_of_one_address_do_not_crowd_out_others(stage: TestContext) {
    for n in 0..30 {
        search(&stage, &format!("loud{n}"), 1, "crowded", true).await;
    }
    assert!(stage.popular(7, MIN_CALLERS).await.is_empty());
    for address in 2..10 {
        search(&stage, &format!("quiet{address}"), address, "crowded", true).await;
    }
    assert_eq!(stage.popular(7, MIN_CALLERS).await, [("crowded".to_owned(), 38)]);
    let hashes = "SELECT count(*) FROM search_callers WHERE length(address) > 0";
    assert_eq!(stage.database.count(hashes).await, 3, "as many as the threshold needs");
}

async fn as_many_callers_are_stored_as_the_threshold_needs_and_some_to_spare(stage: TestContext) {
    let stored = "SELECT count(*) FROM search_callers";
    for n in 0..30 {
        search(&stage, &format!("caller{n}"), 0, "popular", true).await;
    }
    let kept = i64::from(MIN_CALLERS + SPARE_CALLERS);
    assert_eq!(stage.database.count(stored).await, kept);
    for n in 0..7 {
        stage.storage.accounts.erase(&caller(&format!("caller{n}")), 100, stage.now()).await.unwrap();
    }
    assert_eq!(stage.popular(7, MIN_CALLERS).await, [("popular".to_owned(), 23)]);
    for n in 30..40 {
        search(&stage, &format!("caller{n}"), 0, "popular", true).await;
    }
    assert_eq!(stage.database.count(stored).await, kept, "others take the places of those who are erased");
}

async fn a_repeated_caller_takes_the_place_of_no_new_address(stage: TestContext) {
    let queries = 0..8;
    for n in queries.clone() {
        search(&stage, &format!("a{n}"), 1, &format!("query {n}"), true).await;
        search(&stage, &format!("b{n}"), 2, &format!("query {n}"), true).await;
    }
    // They arrive together, and are stored in one batch.
    let together =
        queries.flat_map(|n| [("a", 8), ("b", 9), ("c", 3)].map(|(name, address)| (name, address, n)));
    let (stage, mut searches) = (&stage, vec![]);
    for (name, address, n) in together {
        searches.push(async move {
            search(stage, &format!("{name}{n}"), address, &format!("query {n}"), true).await;
        });
    }
    join_all(searches).await;
    assert_eq!(stage.popular(7, MIN_CALLERS).await.len(), 8);
}

async fn callers_of_several_days_come_together(stage: TestContext) {
    for (session, address) in [("a", 1), ("b", 2), ("b", 3)] {
        search(&stage, session, address, "slow", true).await;
        stage.clock.advance_seconds(86_400);
    }
    assert!(stage.popular(7, MIN_CALLERS).await.is_empty());
    search(&stage, "c", 1, "slow", true).await;
    assert_eq!(stage.popular(7, MIN_CALLERS).await, [("slow".to_owned(), 4)]);
    assert!(stage.popular(2, MIN_CALLERS).await.is_empty(), "of the days asked for only");
}

async fn an_erasure_counts_out_ranked_searches_only(stage: TestContext) {
    for ranked in [true, true, false] {
        search(&stage, "a", 1, "shared", ranked).await;
    }
    search(&stage, "b", 2, "shared", true).await;
    stage.storage.accounts.erase(&caller("a"), 100, stage.now()).await.unwrap();
    assert_eq!(stage.popular(7, 1).await, [("shared".to_owned(), 1)]);
    assert_eq!(stage.database.count("SELECT count(*) FROM searches").await, 1);
    assert_eq!(stage.database.count("SELECT count(*) FROM search_callers").await, 1);
}

/// A foreign transaction, until it has been waited for.
async fn while_held<T>(stage: &TestContext, hold: &str, release: &str, work: impl Future<Output = T>) -> T {
    let (holder, connection) =
        tokio_postgres::connect(&stage.database.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    holder.batch_execute(&format!("BEGIN; {hold}")).await.unwrap();
    let until_waited_for = async {
        stage.database.until_a_session_waits().await;
        // Where it is not waited for, the counts are wrong afterwards.
        holder.batch_execute(&format!("{release}; COMMIT")).await.unwrap();
    };
    tokio::join!(work, until_waited_for).0
}

/// The events, the counted ones, and the callers.
async fn stored_searches(stage: &TestContext) -> (i64, i64, i64) {
    let events = stage.database.count("SELECT count(*) FROM searches").await;
    let counted = "SELECT CAST(coalesce(sum(searches), 0) AS bigint) FROM search_days";
    let counted = stage.database.count(counted).await;
    (events, counted, stage.database.count("SELECT count(*) FROM search_callers").await)
}

/// A search of the same text in any spelling, stored after the erasure has chosen what it takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_keeps_the_caller_of_a_search_that_was_stored_meanwhile() {
    let Some(stage) = TestContext::on(DatabaseKind::Postgres).await else { return };
    for (same_spelling, held) in [(true, "search_days"), (false, "search_callers")] {
        search(&stage, "a", 0, "tank", true).await;
        let hold = format!("SELECT * FROM {held} FOR NO KEY UPDATE");
        let add = "INSERT INTO searches (query, search_mode, result_count, session, caller, searched_at, ranked) \
                   SELECT query, search_mode, 1, session, caller, searched_at, ranked FROM searches";
        let count = if same_spelling {
            "UPDATE search_days SET searches = searches + 1"
        } else {
            "INSERT INTO search_days SELECT day, search_mode, query_key, '\\x01', query_folded, 'Tank', 1, 0 \
             FROM search_days; UPDATE searches SET query = 'Tank' WHERE id = (SELECT max(id) FROM searches)"
        };
        let a = caller("a");
        let erase = stage.storage.accounts.erase(&a, 100, stage.now());
        while_held(&stage, &hold, &format!("{add}; {count}"), erase).await.unwrap();
        assert_eq!(stored_searches(&stage).await, (1, 1, 1), "{held}");
        let clear = "DELETE FROM searches; DELETE FROM search_days; DELETE FROM search_callers";
        stage.database.execute(clear).await.unwrap();
    }
}

/// What an erasure that removes the caller does last is held open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_brings_a_caller_back_that_is_being_erased() {
    let Some(stage) = TestContext::on(DatabaseKind::Postgres).await else { return };
    for (spelling, address, others) in [("tank", 0, 0), ("Tank", 0, 0), ("tank", 1, 0), ("Tank", 1, 9)] {
        search(&stage, "a", address, "tank", true).await;
        // With nine others, as many callers are stored as are kept.
        for other in 0..others {
            search(&stage, &format!("other{other}"), 10 + other, "tank", true).await;
        }
        let stored = stored_searches(&stage).await;
        let addresses = "SELECT count(*) FROM search_callers WHERE address IS NULL OR address <> ''";
        let counted = stage.database.count(addresses).await;
        let hold = "DELETE FROM searches WHERE id = (SELECT min(id) FROM searches); UPDATE search_days SET searches = \
                    searches - 1; DELETE FROM search_callers WHERE caller NOT IN (SELECT caller FROM searches)";
        while_held(&stage, hold, "", search(&stage, "a", address, spelling, true)).await;
        assert_eq!(stored_searches(&stage).await, stored, "{spelling}, {address}, {others}");
        assert_eq!(stage.database.count(addresses).await, counted, "{spelling}, {address}, {others}");
        let clear = "DELETE FROM searches; DELETE FROM search_days; DELETE FROM search_callers";
        stage.database.execute(clear).await.unwrap();
    }
}

async fn candidates_are_needed_for_many_queries_only(stage: TestContext) {
    search(&stage, "a", 1, "tank", true).await;
    assert!(!refresh(&stage).await);
    assert_eq!(stage.database.count("SELECT count(*) FROM popular_candidates").await, 0);
}

/// One more query than is ranked on request.
async fn fill(stage: &TestContext) {
    let day = stage.now().day().0;
    let (numbers, key) = match stage.database.kind {
        DatabaseKind::Postgres => {
            ("SELECT generate_series(1, 5001) AS n", "decode(md5(CAST(n AS text)), 'hex')")
        }
        DatabaseKind::Sqlite => (
            "SELECT value AS n FROM (WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c \
             WHERE value < 5001) SELECT value FROM c)",
            "randomblob(16)",
        ),
    };
    let junk = format!(
        "INSERT INTO search_days (day, search_mode, query_key, spelling_key, query_folded, spelling, searches, \
         zero_results) SELECT {day}, 'quick', {key}, {key}, 'junk ' || n, 'junk ' || n, 1, 0 \
         FROM ({numbers}) AS numbers"
    );
    stage.database.execute(&junk).await.unwrap();
}

async fn candidates_of_earlier_days_are_collected_once_an_hour(stage: TestContext) {
    for days_until_next in [96, 3, 0] {
        fill(&stage).await;
        stage.clock.advance_seconds(days_until_next * 86_400);
    }
    assert!(refresh(&stage).await);
    let days = "SELECT count(DISTINCT day) FROM popular_candidates";
    assert_eq!(stage.database.count(days).await, 2, "none of more than 90 days ago");

    let today = stage.now().day().0;
    let frequent =
        format!("UPDATE search_days SET searches = 9 WHERE day < {today} AND spelling = 'junk 4000'");
    stage.database.execute(&frequent).await.unwrap();
    let most = "SELECT max(searches) FROM popular_candidates";
    for (seconds, expected) in [(60, 1), (3_600, 9)] {
        stage.clock.advance_seconds(seconds);
        assert!(refresh(&stage).await);
        assert_eq!(stage.database.count(most).await, expected, "after {seconds} s more");
    }
}

async fn many_queries_are_ranked_among_candidates(stage: TestContext) {
    fill(&stage).await;
    for (session, address) in [("a", 1), ("b", 2), ("c", 3)] {
        search(&stage, session, address, "Best Tank", true).await;
    }
    assert!(stage.popular(7, 1).await.is_empty(), "they are not all ranked on request");
    assert!(refresh(&stage).await);
    assert_eq!(stage.popular(7, 1).await[0], ("Best Tank".to_owned(), 3));
    assert_eq!(stage.popular(7, MIN_CALLERS).await, [("Best Tank".to_owned(), 3)]);

    search(&stage, "a", 1, "best tank", true).await;
    search(&stage, "a", 1, "best tank", true).await;
    for n in 0..9 {
        search(&stage, "a", 1, "New", n > 0).await;
    }
    let shown = stage.popular(7, 1).await;
    assert_eq!(shown[0], ("Best Tank".to_owned(), 5), "what is shown is counted when it is asked for");
    assert!(refresh(&stage).await);
    assert_eq!(stage.popular(7, 1).await[0].0, "Best Tank", "collected a moment ago");
    stage.clock.advance_seconds(30);
    assert!(refresh(&stage).await);
    assert_eq!(stage.popular(7, 1).await[..2], [("New".to_owned(), 8), ("Best Tank".to_owned(), 5)]);

    stage.storage.accounts.erase(&caller("a"), 100, stage.now()).await.unwrap();
    let shown = stage.popular(7, 1).await;
    assert_eq!(shown[0], ("Best Tank".to_owned(), 2));
    assert!(shown.iter().all(|(query, _)| query != "New"), "an erased query is removed at once");
    let hide = myashes_domain::write_options::WriteOptions::default();
    stage.storage.analytics.hide("best tank", stage.now(), hide).await.unwrap();
    assert_ne!(stage.popular(7, 1).await[0].0, "Best Tank");
}
