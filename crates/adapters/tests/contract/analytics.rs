use myashes_domain::Error;
use myashes_domain::analytics::{MAX_MIN_CALLERS, PopularRequest, SearchRecord};
use myashes_domain::feedback::SearchMode;
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::search_record;

use crate::support::{TestContext, caller, page, promises};

promises!(
    spellings_are_counted_together_and_the_frequent_one_shown,
    only_the_days_asked_for_count,
    a_query_needs_enough_distinct_callers,
    hidden_queries_are_not_shown,
    a_query_that_looks_like_a_hidden_one_is_not_shown,
    queries_without_results_are_reported,
    any_text_a_query_may_be_is_counted,
);

async fn search(stage: &TestContext, session: &str, query: &str, search_mode: SearchMode, results: i32) {
    let record = SearchRecord {
        search_mode,
        result_count: results,
        // The threshold of a request is at most the one that callers are stored for.
        min_callers: MAX_MIN_CALLERS,
        ..search_record(&caller(session), query, stage.now())
    };
    stage.storage.analytics.record(record, None).await.unwrap();
}

async fn spellings_are_counted_together_and_the_frequent_one_shown(stage: TestContext) {
    for query in ["best  tank", "Best Tank", "Best Tank", "BEST TANK", "lore"] {
        search(&stage, "a", query, SearchMode::Quick, 3).await;
    }
    search(&stage, "a", "best tank", SearchMode::Deep, 3).await;
    let found = stage.popular(7, 1).await;
    assert_eq!(found[0], ("Best Tank".into(), 4));
    assert_eq!(found.len(), 3, "a row per query and mode");
    let since = stage.now().day();
    let request = PopularRequest { since, search_mode: Some(SearchMode::Deep), min_callers: 1, limit: 10 };
    let deep = stage.storage.analytics.popular(request).await.unwrap();
    assert_eq!(deep.len(), 1);
    assert_eq!((deep[0].search_mode, deep[0].count), (SearchMode::Deep, 1));
}

async fn only_the_days_asked_for_count(stage: TestContext) {
    search(&stage, "a", "old", SearchMode::Quick, 1).await;
    stage.clock.advance_seconds(2 * 86_400);
    search(&stage, "a", "new", SearchMode::Quick, 1).await;
    assert_eq!(stage.popular(2, 1).await, [("new".to_owned(), 1)]);
    assert_eq!(stage.popular(3, 1).await.len(), 2);
}

async fn a_query_needs_enough_distinct_callers(stage: TestContext) {
    for session in ["a", "a", "a", "b"] {
        search(&stage, session, "secret name", SearchMode::Quick, 1).await;
    }
    stage.clock.advance_seconds(86_400);
    search(&stage, "b", "secret name", SearchMode::Quick, 1).await;
    assert!(stage.popular(7, 3).await.is_empty());
    assert_eq!(stage.popular(7, 2).await.len(), 1);
    search(&stage, "c", "secret name", SearchMode::Quick, 1).await;
    assert_eq!(stage.popular(7, 3).await, [("secret name".to_owned(), 6)]);
    for n in 0..30 {
        search(&stage, &format!("many{n}"), "busy", SearchMode::Quick, 1).await;
    }
    assert_eq!(stage.popular(7, 20).await, [("busy".to_owned(), 30)]);
}

async fn hidden_queries_are_not_shown(stage: TestContext) {
    search(&stage, "a", "Bad Words", SearchMode::Quick, 1).await;
    let hide = |options| stage.storage.analytics.hide("bad words", stage.now(), options);
    hide(WriteOptions::audit(stage.audit())).await.unwrap();
    hide(WriteOptions::default()).await.unwrap();
    assert!(stage.popular(7, 1).await.is_empty());
    assert_eq!(stage.storage.analytics.hidden_page(page(1, 10).into()).await.unwrap().items.len(), 1);
    stage.storage.analytics.unhide("bad words", stage.audit()).await.unwrap();
    let again = stage.storage.analytics.unhide("bad words", stage.audit()).await;
    assert!(matches!(again, Err(Error::NotFound)));
    assert_eq!(stage.popular(7, 1).await.len(), 1);
}

/// Ways to write the same for the eye: zero width, soft hyphen, filler, bidi control, Cyrillic and Greek letters, full width.
const DISGUISES: [&str; 9] = [
    "bad\u{200b} words",
    "b\u{ad}ad words",
    "bad\u{3164} words",
    "\u{202e}bad words",
    "b\u{430}d words",
    "bad w\u{3bf}rds",
    "ＢＡＤ  words",
    "\u{412}AD WORDS",
    "b\u{430}\u{200d}d\u{e0020} words\u{2069}",
];

async fn a_query_that_looks_like_a_hidden_one_is_not_shown(stage: TestContext) {
    for query in DISGUISES {
        search(&stage, "a", query, SearchMode::Quick, 1).await;
    }
    // Those with a letter of another script count apart, those with something invisible do not.
    let shown = stage.popular(7, 1).await;
    assert_eq!(shown.iter().map(|(_, count)| count).collect::<Vec<_>>(), [&5, &2, &1, &1], "{shown:?}");
    search(&stage, "a", "fine", SearchMode::Quick, 1).await;
    stage.storage.analytics.hide("bad words", stage.now(), WriteOptions::default()).await.unwrap();
    assert_eq!(stage.popular(7, 1).await, [("fine".to_owned(), 1)]);
    let request = PopularRequest { since: stage.now().day(), search_mode: None, min_callers: 1, limit: 1 };
    let first = stage.storage.analytics.popular(request).await.unwrap();
    assert_eq!(first.len(), 1, "hidden ones take no place");
}

async fn queries_without_results_are_reported(stage: TestContext) {
    for results in [0, 0, 5] {
        search(&stage, "a", "Fishing", SearchMode::Smart, results).await;
    }
    search(&stage, "a", "found", SearchMode::Smart, 1).await;
    let found = stage
        .storage
        .analytics
        .zero_results(stage.now().day(), stage.now().day(), page(1, 10))
        .await
        .unwrap();
    assert_eq!((found.total, found.items.len(), found.next), (1, 1, None));
    let found = found.items;
    assert_eq!((found[0].query.as_str(), found[0].zero_count, found[0].count), ("Fishing", 2, 3));
    let day = stage.now().day();
    assert_eq!(found[0].last_day, day);

    // What is searched later does not change how an earlier day's query is spelled.
    stage.clock.advance_seconds(86_400);
    for _ in 0..4 {
        search(&stage, "a", "FISHING", SearchMode::Smart, 0).await;
    }
    for (last, spelling) in [(day, "Fishing"), (stage.now().day(), "FISHING")] {
        let found = stage.storage.analytics.zero_results(day, last, page(1, 10)).await.unwrap();
        assert_eq!(found.items[0].query, spelling);
    }
}

async fn any_text_a_query_may_be_is_counted(stage: TestContext) {
    let long = "🜁".repeat(500);
    for query in [long.as_str(), "%", "\u{202e}abc", "'; DROP TABLE searches; --", "{{7*7}}"] {
        search(&stage, "a", query, SearchMode::Quick, i32::MAX).await;
    }
    assert_eq!(stage.popular(1, 1).await.len(), 5);
}
