use myashes_domain::Error;
use myashes_domain::builds::{Sort, Visibility};
use myashes_domain::ids::BuildId;
use myashes_domain::page::ListPage;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::VoteAction;
use myashes_testkit::DatabaseKind;

use crate::support::{TestContext, caller, page, player, promises, rating};

promises!(
    a_vote_counts_once_per_session,
    a_vote_counts_once_per_player_whatever_the_session,
    a_changed_vote_keeps_the_count,
    a_vote_that_is_put_again_is_answered_and_not_written,
    a_withdrawn_vote_leaves_what_was_there_before,
    a_hidden_build_takes_votes_of_its_owner_alone,
    an_absent_build_takes_no_vote,
    the_callers_ratings_are_listed_for_many_builds,
    an_admin_removes_one_vote_and_the_tally_follows,
    scores_follow_the_votes,
);

async fn a_vote_counts_once_per_session(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    let view = stage.cast(&id, "a", 4).await;
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum(), view.your_rating), (1, 4, Some(rating(4))));
    let again = stage.vote(&id, &caller("a"), VoteAction::Cast(rating(1))).await;
    assert!(matches!(again, Err(Error::AlreadyVoted(Some(ballot))) if ballot.stars == 4));
    let view = stage.cast(&id, "b", 5).await;
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum()), (2, 9));
    let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
    assert_eq!((build.summary.tally, build.revision, build.tally_revision), (view.tally, 1, 2));
}

async fn a_vote_counts_once_per_player_whatever_the_session(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.vote(&id, &player("s1", "p"), VoteAction::Cast(rating(5))).await.unwrap();
    let again = stage.vote(&id, &player("s2", "p"), VoteAction::Cast(rating(1))).await;
    assert!(matches!(again, Err(Error::AlreadyVoted(Some(_)))));
    let other = stage.vote(&id, &player("s1", "q"), VoteAction::Put(rating(1))).await;
    assert!(matches!(other, Err(Error::AlreadyVoted(None))), "another player's vote is not shown");
    let changed = stage.vote(&id, &player("s2", "p"), VoteAction::Put(rating(2))).await.unwrap();
    assert_eq!((changed.tally.vote_count(), changed.tally.rating_sum()), (1, 2));
}

async fn a_changed_vote_keeps_the_count(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 1).await;
    let view = stage.vote(&id, &caller("a"), VoteAction::Put(rating(5))).await.unwrap();
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum(), view.your_rating), (1, 5, Some(rating(5))));
    let seen = stage.storage.votes.view(&id, &caller("a")).await.unwrap().unwrap();
    assert_eq!(seen, view);
}

async fn a_vote_that_is_put_again_is_answered_and_not_written(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 4).await;
    let no_updates = match stage.database.kind {
        DatabaseKind::Postgres => "ALTER TABLE votes ADD CONSTRAINT no_updates CHECK (false) NOT VALID",
        DatabaseKind::Sqlite => {
            "CREATE TRIGGER no_updates BEFORE UPDATE ON votes BEGIN SELECT RAISE(ABORT, 'an update'); END"
        }
    };
    stage.database.execute(no_updates).await.unwrap();
    let view = stage.vote(&id, &caller("a"), VoteAction::Put(rating(4))).await.unwrap();
    assert_eq!((view.tally.vote_count(), view.your_rating), (1, Some(rating(4))));
    assert!(stage.vote(&id, &caller("a"), VoteAction::Put(rating(5))).await.is_err(), "updates are seen");
}

async fn a_withdrawn_vote_leaves_what_was_there_before(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 3).await;
    let before = list(&stage, Sort::Trending).await;
    stage.clock.advance_seconds(3 * 86_400);
    stage.cast(&id, "b", 5).await;
    let view = stage.vote(&id, &caller("b"), VoteAction::Withdraw).await.unwrap();
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum(), view.your_rating), (1, 3, None));
    let after = list(&stage, Sort::Trending).await;
    assert!((before[0].1 - after[0].1).abs() < 1e-6, "{before:?} {after:?}");
    let nothing = stage.vote(&id, &caller("b"), VoteAction::Withdraw).await.unwrap();
    assert_eq!(nothing, view);
    stage.vote(&id, &caller("a"), VoteAction::Withdraw).await.unwrap();
    assert_eq!(list(&stage, Sort::Trending).await[0].1, myashes_domain::ranking::NO_TREND);
}

async fn a_hidden_build_takes_votes_of_its_owner_alone(stage: TestContext) {
    let mut draft = stage.draft("Hidden");
    draft.content.visibility = Visibility::Private;
    draft.owner.session = Some(SessionHash::of("owner"));
    let id = stage.create(draft).await.summary.id;
    let stranger = stage.vote(&id, &caller("x"), VoteAction::Cast(rating(5))).await;
    assert!(matches!(stranger, Err(Error::BuildNotFound(_))));
    assert!(stage.storage.votes.view(&id, &caller("x")).await.unwrap().is_none());
    stage.cast(&id, "owner", 5).await;
}

async fn an_absent_build_takes_no_vote(stage: TestContext) {
    let id = BuildId::parse("b_absent").unwrap();
    let refused = stage.vote(&id, &caller("x"), VoteAction::Cast(rating(5))).await;
    assert!(matches!(refused, Err(Error::BuildNotFound(_))));
    assert!(stage.storage.votes.view(&id, &caller("x")).await.unwrap().is_none());
}

async fn the_callers_ratings_are_listed_for_many_builds(stage: TestContext) {
    let first = stage.build("1").await.summary.id;
    let second = stage.build("2").await.summary.id;
    let third = stage.build("3").await.summary.id;
    stage.cast(&first, "a", 4).await;
    stage.vote(&second, &player("a", "p"), VoteAction::Cast(rating(2))).await.unwrap();
    let all = [first.clone(), second.clone(), third];
    let anonymous = stage.storage.votes.ratings(&all, &caller("a")).await.unwrap();
    assert_eq!(anonymous, [(first.clone(), rating(4))], "the player's vote is the player's alone");
    let mut both = stage.storage.votes.ratings(&all, &player("a", "p")).await.unwrap();
    both.sort();
    let mut expected = vec![(first, rating(4)), (second, rating(2))];
    expected.sort();
    assert_eq!(both, expected);
}

async fn an_admin_removes_one_vote_and_the_tally_follows(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "a", 1).await;
    stage.cast(&id, "b", 5).await;
    let ListPage { items: votes, total, .. } =
        stage.storage.votes.of_build(&id, page(1, 10).into()).await.unwrap().unwrap();
    assert_eq!((votes.len(), total), (2, 2));
    let low = votes.iter().find(|vote| vote.rating == rating(1)).unwrap();
    stage.storage.votes.remove(&id, low.id, stage.audit()).await.unwrap();
    let again = stage.storage.votes.remove(&id, low.id, stage.audit()).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
    assert_eq!((build.summary.tally.vote_count(), build.summary.tally.rating_sum()), (1, 5));
    let ListPage { items: lines, .. } = stage.storage.moderation.audit(page(1, 10).into()).await.unwrap();
    assert_eq!(lines.len(), 1, "only the removal that happened is logged");
}

async fn scores_follow_the_votes(stage: TestContext) {
    let ranking = Ranking::default();
    let id = stage.build("B").await.summary.id;
    for (session, stars) in [("a", 5), ("b", 4), ("c", 1)] {
        stage.cast(&id, session, stars).await;
        stage.clock.advance_seconds(40_000);
    }
    let rating_rank = list(&stage, Sort::Rating).await[0].1;
    assert!((rating_rank - ranking.bayesian(10, 3)).abs() < 1e-12);
    assert_eq!(list(&stage, Sort::Popular).await[0].1, 3.0);
}

async fn list(stage: &TestContext, sort: Sort) -> Vec<(String, f64)> {
    crate::listing::ranks(stage, sort).await
}
