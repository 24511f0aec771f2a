use myashes_domain::Error;
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{
    Cleanup, FeedbackDraft, FeedbackFilter, NewFeedback, Review, SearchMode, Thumb,
};
use myashes_domain::ids::FeedbackId;
use myashes_domain::page::ListPage;
use myashes_domain::session::SessionHash;
use myashes_domain::write_options::WriteOptions;

use crate::support::{TestContext, page, promises};

promises!(
    recorded_feedback_is_listed_newest_first,
    a_review_is_set_and_taken_back,
    a_flag_stands_beside_the_review,
    stats_count_all_feedback,
    counts_patterns_and_days_agree_with_what_was_said,
    the_export_visits_every_negative_entry_once,
);

async fn say(stage: &TestContext, query: &str, rating: Thumb, search_mode: SearchMode) -> FeedbackId {
    let feedback = NewFeedback {
        id: FeedbackId::generate(&stage.entropy),
        draft: FeedbackDraft {
            query: query.into(),
            response_snippet: "An answer".into(),
            rating,
            search_mode,
            comment: None,
        },
        session: SessionHash::of("s"),
        player_id: None,
        received_at: stage.now(),
    };
    let id = feedback.id.clone();
    stage.storage.feedback.record(feedback, None).await.unwrap();
    id
}

fn long_ago() -> Timestamp {
    Timestamp::from_micros(0).unwrap()
}

async fn recorded_feedback_is_listed_newest_first(stage: TestContext) {
    let first = say(&stage, "Where do I find 100% wood?", Thumb::Up, SearchMode::Quick).await;
    stage.clock.advance_seconds(1);
    let second = say(&stage, "Best tank", Thumb::Down, SearchMode::Deep).await;
    let list = async |filter: FeedbackFilter| {
        let ListPage { items, total, .. } = stage.storage.feedback.list(&filter, page(1, 10)).await.unwrap();
        assert_eq!(items.len() as u64, total);
        items.into_iter().map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(list(FeedbackFilter::default()).await, [second.clone(), first.clone()]);
    let by = |filter: FeedbackFilter| filter;
    assert_eq!(
        list(by(FeedbackFilter { rating: Some(Thumb::Up), ..Default::default() })).await,
        std::slice::from_ref(&first)
    );
    assert_eq!(
        list(by(FeedbackFilter { search_mode: Some(SearchMode::Deep), ..Default::default() })).await,
        std::slice::from_ref(&second)
    );
    assert_eq!(
        list(by(FeedbackFilter { query_part: Some("100% W".into()), ..Default::default() })).await,
        std::slice::from_ref(&first)
    );
    assert_eq!(
        list(by(FeedbackFilter { from: Some(stage.now()), ..Default::default() })).await,
        std::slice::from_ref(&second)
    );
    assert_eq!(
        list(by(FeedbackFilter { until: Some(stage.now()), ..Default::default() })).await,
        std::slice::from_ref(&first)
    );
    assert!(list(by(FeedbackFilter { reviewed: Some(true), ..Default::default() })).await.is_empty());
    let ListPage { items, total, .. } =
        stage.storage.feedback.list(&FeedbackFilter::default(), page(2, 1)).await.unwrap();
    assert_eq!((items[0].id.clone(), total), (first, 2));
}

async fn a_review_is_set_and_taken_back(stage: TestContext) {
    let id = say(&stage, "q", Thumb::Down, SearchMode::Smart).await;
    let review = Review { reviewed_at: stage.now(), reviewed_by: "Ada".into() };
    let cleanup = Cleanup { flagged: true, issue_url: Some("https://example.org/1".into()) };
    let options = || WriteOptions::audit(stage.audit());
    let store = &stage.storage.feedback;
    let reviewed =
        store.set_review(&id, Some(review.clone()), Some(cleanup.clone()), options()).await.unwrap();
    let reviewed = reviewed.executed().unwrap();
    assert_eq!((reviewed.review, reviewed.cleanup), (Some(review), cleanup));
    let back = store.set_review(&id, None, Some(Cleanup::default()), options()).await.unwrap();
    let back = back.executed().unwrap();
    assert_eq!((back.review, back.cleanup), (None, Cleanup::default()));
    let absent = FeedbackId::parse("f_absent").unwrap();
    let missing = store.set_review(&absent, None, Some(Cleanup::default()), options()).await;
    assert!(matches!(missing, Err(Error::FeedbackNotFound(_))));
    let ListPage { total: lines, .. } = stage.storage.moderation.audit(page(1, 10).into()).await.unwrap();
    assert_eq!(lines, 2);
}

async fn a_flag_stands_beside_the_review(stage: TestContext) {
    let id = say(&stage, "q", Thumb::Down, SearchMode::Smart).await;
    let store = &stage.storage.feedback;
    let options = || WriteOptions::audit(stage.audit());
    let flagged = store.flag(&id, options()).await.unwrap().executed().unwrap();
    assert_eq!((flagged.review, flagged.cleanup.flagged), (None, true));
    let review = Review { reviewed_at: stage.now(), reviewed_by: "Ada".into() };
    let reviewed = store.set_review(&id, Some(review.clone()), None, options()).await.unwrap();
    let reviewed = reviewed.executed().unwrap();
    assert_eq!((reviewed.review, reviewed.cleanup.flagged), (Some(review.clone()), true));
    store.flag(&id, options()).await.unwrap();
    let cleanup = Cleanup { flagged: true, issue_url: Some("https://example.org/1".into()) };
    store.set_review(&id, Some(review), Some(cleanup), options()).await.unwrap();
    assert!(matches!(store.flag(&id, options()).await, Err(Error::AlreadyFlagged)));
    let back = store.set_review(&id, None, None, options()).await.unwrap().executed().unwrap();
    assert_eq!((back.review, back.cleanup.flagged), (None, true));
    let absent = FeedbackId::parse("f_absent").unwrap();
    assert!(matches!(store.flag(&absent, options()).await, Err(Error::FeedbackNotFound(_))));
    let missing = store.set_review(&absent, None, None, options()).await;
    assert!(matches!(missing, Err(Error::FeedbackNotFound(_))));
    let ListPage { total: lines, .. } = stage.storage.moderation.audit(page(1, 10).into()).await.unwrap();
    assert_eq!(lines, 5, "what changed nothing is not logged");
}

async fn stats_count_all_feedback(stage: TestContext) {
    say(&stage, "old", Thumb::Down, SearchMode::Quick).await;
    stage.clock.advance_seconds(8 * 86_400);
    say(&stage, "recent", Thumb::Up, SearchMode::Deep).await;
    stage.clock.advance_seconds(2 * 86_400);
    let id = say(&stage, "new", Thumb::Up, SearchMode::Deep).await;
    let store = &stage.storage.feedback;
    store.flag(&id, WriteOptions::audit(stage.audit())).await.unwrap();
    let review = Review { reviewed_at: stage.now(), reviewed_by: "Ada".into() };
    store.set_review(&id, Some(review), None, WriteOptions::audit(stage.audit())).await.unwrap();
    let stats = store.stats(stage.now()).await.unwrap();
    assert_eq!((stats.reviewed, stats.unreviewed, stats.flagged), (1, 2, 1));
    assert_eq!((stats.last_24h, stats.last_7d, stats.last_30d), (1, 2, 3));
    let counts: Vec<_> =
        stats.by_search_mode.iter().map(|it| (it.search_mode, it.positive, it.negative)).collect();
    assert_eq!(counts, [(SearchMode::Deep, 2, 0), (SearchMode::Quick, 0, 1)]);
}

async fn counts_patterns_and_days_agree_with_what_was_said(stage: TestContext) {
    say(&stage, "Best  TANK", Thumb::Down, SearchMode::Quick).await;
    say(&stage, "best tank", Thumb::Down, SearchMode::Deep).await;
    stage.clock.advance_seconds(86_400);
    say(&stage, "lore", Thumb::Down, SearchMode::Quick).await;
    say(&stage, "lore", Thumb::Up, SearchMode::Quick).await;
    let counts = stage.storage.feedback.counts(long_ago()).await.unwrap();
    let quick = counts.iter().find(|it| it.search_mode == SearchMode::Quick).unwrap();
    assert_eq!((quick.positive, quick.negative), (1, 2));
    let patterns = stage.storage.feedback.patterns(long_ago(), 1).await.unwrap();
    assert_eq!((patterns.total_negative, patterns.total_unreviewed), (3, 3));
    assert_eq!(patterns.frequent_queries.len(), 1);
    assert_eq!(patterns.frequent_queries[0].1, 2, "spellings are counted together");
    let days = stage.storage.feedback.by_day(long_ago()).await.unwrap();
    assert_eq!(days.iter().map(|it| (it.positive, it.negative)).collect::<Vec<_>>(), [(0, 2), (1, 1)]);
    assert_eq!(days[1].day, stage.now().day());
    assert!(stage.storage.feedback.by_day(stage.now().plus_seconds(1)).await.unwrap().is_empty());
}

async fn the_export_visits_every_negative_entry_once(stage: TestContext) {
    for n in 0..5 {
        let thumb = if n == 2 { Thumb::Up } else { Thumb::Down };
        say(&stage, &format!("q{n}"), thumb, SearchMode::Quick).await;
    }
    let (mut after, mut seen) = (0, vec![]);
    loop {
        let rows = stage.storage.feedback.negative_after(long_ago(), after, 2).await.unwrap();
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        seen.extend(rows.into_iter().map(|(_, entry)| entry.draft.query));
    }
    assert_eq!(seen, ["q0", "q1", "q3", "q4"]);
}
