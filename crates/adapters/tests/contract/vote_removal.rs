use std::sync::Arc;

use myashes_adapters::doctor::Doctor;
use myashes_domain::Error;
use myashes_domain::builds::Tally;
use myashes_domain::ids::BuildId;
use myashes_domain::votes::{RemovalAudit, VoteAction, VoteFilter, VoterId};
use myashes_domain::write_options::AuditEntry;
use myashes_testkit::DatabaseKind;

use crate::support::{TestContext, caller, page, player, promises, rating};

promises!(
    votes_are_removed_by_rating,
    votes_are_removed_by_the_time_they_were_cast,
    votes_are_removed_by_voter,
    every_condition_has_to_hold,
    what_is_left_is_as_if_the_others_had_never_been_cast,
    counting_changes_nothing,
    an_absent_build_has_no_votes_to_remove,
    ten_thousand_votes_are_removed_at_once,
);

/// The audit line of a removal, with its numbers.
fn audit(stage: &TestContext) -> RemovalAudit {
    let entry = stage.audit();
    Arc::new(move |removed: &Tally| AuditEntry {
        action: "vote.delete_many".into(),
        details: serde_json::json!({"removed": removed.vote_count()}),
        ..entry.clone()
    })
}

async fn remove(stage: &TestContext, build: &BuildId, filter: VoteFilter) -> Option<[i64; 5]> {
    let counted = stage.storage.votes.count_matching(build, filter.clone()).await.unwrap();
    let removed = match stage.storage.votes.remove_matching(build, filter, audit(stage)).await {
        Err(Error::BuildNotFound(_)) => None,
        removed => Some(removed.unwrap()),
    };
    assert_eq!(removed, counted, "what was counted before is what is removed");
    removed.map(|tally| tally.stars)
}

async fn stars(stage: &TestContext, build: &BuildId) -> [i64; 5] {
    let shown = stage.storage.builds.find(build).await.unwrap().unwrap().summary.tally.stars;
    let votes = stage.storage.votes.of_build(build, page(1, 100).into()).await.unwrap().unwrap().items;
    let mut counted = Tally::default();
    votes.iter().for_each(|vote| counted.increment(vote.rating));
    assert_eq!(shown, counted.stars, "the tally equals the votes");
    shown
}

fn rated(stars: i64) -> VoteFilter {
    VoteFilter { rating: Some(rating(stars)), ..VoteFilter::default() }
}

async fn votes_are_removed_by_rating(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    for (session, stars) in [("a", 1), ("b", 1), ("c", 5), ("d", 4)] {
        stage.cast(&id, session, stars).await;
    }
    assert_eq!(remove(&stage, &id, rated(1)).await, Some([2, 0, 0, 0, 0]));
    assert_eq!(stars(&stage, &id).await, [0, 0, 0, 1, 1]);
    assert_eq!(remove(&stage, &id, rated(1)).await, Some([0; 5]), "nothing is left of them");
    let lines = stage.storage.moderation.audit(page(1, 10).into()).await.unwrap().items;
    let details: Vec<_> = lines.iter().map(|line| line.details["removed"].clone()).collect();
    assert_eq!(details, [0, 2]);
    assert_eq!(stage.cast(&id, "a", 2).await.tally.stars, [0, 1, 0, 1, 1], "its voter may vote again");
}

async fn votes_are_removed_by_the_time_they_were_cast(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    let mut cast = vec![];
    for (session, stars) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        cast.push(stage.now());
        stage.cast(&id, session, stars).await;
        stage.clock.advance_seconds(86_400);
    }
    let within = VoteFilter { from: Some(cast[1]), until: Some(cast[3]), ..VoteFilter::default() };
    assert_eq!(remove(&stage, &id, within).await, Some([0, 1, 1, 0, 0]), "from is in it, until is not");
    let before = VoteFilter { until: Some(cast[1]), ..VoteFilter::default() };
    assert_eq!(remove(&stage, &id, before).await, Some([1, 0, 0, 0, 0]));
    let since = VoteFilter { from: Some(cast[0]), ..VoteFilter::default() };
    assert_eq!(remove(&stage, &id, since).await, Some([0, 0, 0, 1, 0]));
    assert_eq!(stars(&stage, &id).await, [0; 5]);
}

async fn votes_are_removed_by_voter(stage: TestContext) {
    let (id, other) = (stage.build("B").await.summary.id, stage.build("other").await.summary.id);
    stage.cast(&id, "a", 1).await;
    stage.cast(&id, "b", 2).await;
    stage.vote(&id, &player("c", "p"), VoteAction::Cast(rating(3))).await.unwrap();
    stage.vote(&other, &player("d", "p"), VoteAction::Cast(rating(3))).await.unwrap();
    let voter = async |build: &BuildId, stars: i64| {
        let votes = stage.storage.votes.of_build(build, page(1, 10).into()).await.unwrap().unwrap().items;
        VoterId::of(votes.iter().find(|vote| vote.rating == rating(stars)).unwrap())
    };
    let by = |voter| VoteFilter { voter: Some(voter), ..VoteFilter::default() };
    assert_eq!(voter(&id, 3).await, voter(&other, 3).await, "a player's votes have one voter");
    let (anonymous, known) = (voter(&id, 1).await, voter(&other, 3).await);
    assert_eq!(remove(&stage, &id, by(anonymous)).await, Some([1, 0, 0, 0, 0]));
    assert_eq!(remove(&stage, &id, by(known)).await, Some([0, 0, 1, 0, 0]));
    assert_eq!(stars(&stage, &id).await, [0, 1, 0, 0, 0]);
    assert_eq!(stars(&stage, &other).await, [0, 0, 1, 0, 0], "votes on other builds stay");
}

async fn every_condition_has_to_hold(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 1).await;
    let first = stage.now();
    stage.clock.advance_seconds(60);
    stage.cast(&id, "b", 1).await;
    stage.cast(&id, "c", 5).await;
    let filter = VoteFilter { from: first.plus_seconds(1).into(), ..rated(1) };
    assert_eq!(remove(&stage, &id, filter).await, Some([1, 0, 0, 0, 0]));
    assert_eq!(stars(&stage, &id).await, [1, 0, 0, 0, 1]);
}

async fn what_is_left_is_as_if_the_others_had_never_been_cast(stage: TestContext) {
    let (attacked, twin) = (stage.build("B").await.summary.id, stage.build("B").await.summary.id);
    for day in 0..4 {
        for (session, stars) in [("a", 4), ("b", 5)] {
            stage.cast(&attacked, &format!("{session}{day}"), stars).await;
            stage.cast(&twin, &format!("{session}{day}"), stars).await;
        }
        for bot in 0..3 {
            stage.cast(&attacked, &format!("bot {bot} of {day}"), 1).await;
        }
        stage.clock.advance_seconds(40_000);
    }
    // Days on which bots alone have voted go with their votes.
    stage.clock.advance_seconds(5 * 86_400);
    stage.cast(&attacked, "late bot", 1).await;
    assert_eq!(remove(&stage, &attacked, rated(1)).await, Some([13, 0, 0, 0, 0]));
    let row = |id: &BuildId| format!("(SELECT id FROM builds WHERE build_id = '{id}')");
    let (ours, theirs) = (row(&attacked), row(&twin));
    let alike = format!(
        "SELECT count(*) FROM build_ranks a JOIN build_ranks b ON a.build = {ours} AND b.build = {theirs} \
         WHERE a.vote_count = b.vote_count AND a.rating_sum = b.rating_sum AND a.stars_4 = b.stars_4 \
         AND abs(a.bayesian - b.bayesian) < 0.000001 AND abs(a.trend - b.trend) < 0.000001"
    );
    assert_eq!(stage.database.count(&alike).await, 1);
    let different_days = format!(
        "SELECT count(*) FROM (SELECT day, votes, rating_sum, weight FROM vote_days WHERE build = {ours} EXCEPT \
         SELECT day, votes, rating_sum, weight FROM vote_days WHERE build = {theirs}) AS d"
    );
    assert_eq!(stage.database.count(&different_days).await, 0);
    let days = |of: &str| format!("SELECT count(*) FROM vote_days WHERE build = {of}");
    assert_eq!(stage.database.count(&days(&ours)).await, stage.database.count(&days(&theirs)).await);
}

async fn counting_changes_nothing(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 1).await;
    let before = stage.storage.builds.find(&id).await.unwrap().unwrap();
    let counted = stage.storage.votes.count_matching(&id, rated(1)).await.unwrap().unwrap();
    assert_eq!(counted.stars, [1, 0, 0, 0, 0]);
    assert_eq!(stage.storage.builds.find(&id).await.unwrap().unwrap(), before);
    assert_eq!(stage.storage.moderation.audit(page(1, 10).into()).await.unwrap().total, 0);
}

async fn an_absent_build_has_no_votes_to_remove(stage: TestContext) {
    assert_eq!(remove(&stage, &BuildId::parse("b_absent").unwrap(), rated(1)).await, None);
    assert_eq!(
        stage.storage.moderation.audit(page(1, 10).into()).await.unwrap().total,
        0,
        "nothing was done"
    );
}

async fn ten_thousand_votes_are_removed_at_once(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "stays", 4).await;
    let (session, at) = match stage.database.kind {
        DatabaseKind::Sqlite => ("unhex(printf('%064x', n))", "1768000000000000 + n * 60000000"),
        DatabaseKind::Postgres => {
            ("decode(lpad(to_hex(n), 64, '0'), 'hex')", "to_timestamp(1768000000 + n * 60)")
        }
    };
    let attack = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000) \
         INSERT INTO votes (build, session, rating, cast_at) \
         SELECT (SELECT id FROM builds WHERE build_id = '{id}'), {session}, 1 + n % 2, {at} FROM numbers"
    );
    stage.database.execute(&attack).await.unwrap();
    let options = stage.database.options();
    let mut doctor = Doctor::open(&options, &stage.game, None).await.unwrap();
    let findings = doctor.examine().await.unwrap();
    doctor.repair(&findings).await.unwrap();

    assert_eq!(remove(&stage, &id, rated(1)).await, Some([5_000, 0, 0, 0, 0]));
    let all = VoteFilter { until: Some(stage.now().plus_seconds(86_400 * 365)), ..rated(2) };
    assert_eq!(remove(&stage, &id, all).await, Some([0, 5_000, 0, 0, 0]));
    assert_eq!(stars(&stage, &id).await, [0, 0, 0, 1, 0]);
    let findings = doctor.examine().await.unwrap();
    assert!(findings.is_clean(), "{findings}");
    let view = stage.storage.votes.view(&id, &caller("stays")).await.unwrap().unwrap();
    assert_eq!(view.your_rating, Some(rating(4)));
}
