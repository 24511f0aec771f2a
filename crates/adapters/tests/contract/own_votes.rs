use std::sync::Arc;

use myashes_domain::builds::Visibility;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{Page, PageRequest, Position};
use myashes_domain::session::Caller;
use myashes_domain::votes::{OwnVote, VoteAction};
use myashes_domain::write_options::WriteOptions;

use crate::support::{TestContext, caller, page, player, promises, rating};

promises!(
    the_callers_votes_are_listed_newest_first_page_by_page,
    a_changed_vote_keeps_its_place,
    votes_on_builds_that_are_out_of_reach_are_left_out,
    a_player_sees_one_vote_for_each_build,
    votes_of_other_callers_are_not_listed,
);

/// All pages of a list, of `limit` each.
async fn pages(stage: &TestContext, caller: &Caller, limit: u32) -> Vec<Vec<OwnVote>> {
    let (mut pages, mut request) = (vec![], page(1, limit));
    loop {
        let rows = stage.storage.votes.of_caller(caller, request).await.unwrap();
        let found = Page::from_rows(rows, limit);
        pages.push(found.items);
        match found.next {
            Some(key) => request = PageRequest { position: Position::After(key), limit },
            None => return pages,
        }
    }
}

/// Builds and stars of all votes of the caller.
async fn own(stage: &TestContext, caller: &Caller) -> Vec<(BuildId, i64)> {
    let all = pages(stage, caller, 100).await.concat();
    let own: Vec<_> = all.into_iter().map(|vote| (vote.build, vote.vote.rating.stars())).collect();
    let ids: Vec<BuildId> = own.iter().map(|(build, _)| build.clone()).collect();
    let ratings = stage.storage.votes.ratings(&ids, caller).await.unwrap();
    let mut sorted: Vec<_> = own.clone();
    sorted.sort();
    let ratings: Vec<_> = ratings.into_iter().map(|(build, rating)| (build, rating.stars())).collect();
    assert_eq!(ratings, sorted, "asked for by their ids, the ratings are the same");
    own
}

async fn the_callers_votes_are_listed_newest_first_page_by_page(stage: TestContext) {
    let mut builds = vec![];
    for number in 0..7 {
        let id = stage.build(&format!("build {number}")).await.summary.id;
        // Some votes are cast at the same instant.
        stage.clock.advance_seconds(number % 2);
        stage.cast(&id, "me", 1 + number % 5).await;
        builds.push((id, 1 + number % 5));
    }
    builds.reverse();
    assert_eq!(own(&stage, &caller("me")).await, builds);
    for (limit, sizes) in [(3, vec![3, 3, 1]), (7, vec![7]), (1, vec![1; 7])] {
        let pages = pages(&stage, &caller("me"), limit).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
        let ids: Vec<_> = pages.concat().into_iter().map(|vote| vote.build).collect();
        assert!(ids.iter().eq(builds.iter().map(|(id, _)| id)), "{limit} at a time");
    }
    assert_eq!(own(&stage, &caller("never voted")).await, []);
}

async fn a_changed_vote_keeps_its_place(stage: TestContext) {
    let (first, second) = (stage.build("first").await.summary.id, stage.build("second").await.summary.id);
    for id in [&first, &second] {
        stage.cast(id, "me", 1).await;
        stage.clock.advance_seconds(1);
    }
    stage.vote(&first, &caller("me"), VoteAction::Put(rating(5))).await.unwrap();
    assert_eq!(own(&stage, &caller("me")).await, [(second.clone(), 1), (first, 5)]);
    stage.vote(&second, &caller("me"), VoteAction::Withdraw).await.unwrap();
    assert_eq!(own(&stage, &caller("me")).await.len(), 1);
}

async fn votes_on_builds_that_are_out_of_reach_are_left_out(stage: TestContext) {
    let names = ["shown", "unlisted", "private", "hidden", "deleted"];
    let mut ids = vec![];
    for name in names {
        let id = stage.build(name).await.summary.id;
        stage.cast(&id, "s", 5).await;
        stage.cast(&id, "me", 3).await;
        ids.push(id);
        stage.clock.advance_seconds(1);
    }
    for (id, visibility) in [(&ids[1], Visibility::Unlisted), (&ids[2], Visibility::Private)] {
        let at = stage.now();
        let change = Arc::new(move |build: &myashes_domain::builds::Build| {
            let mut content = build.summary.content.clone();
            content.visibility = visibility;
            Ok(myashes_domain::builds::Rewrite {
                content,
                build_data: build.build_data.clone(),
                search_text: "  x".into(),
                at,
            })
        });
        stage.storage.builds.update(id, change).await.unwrap();
    }
    stage.storage.builds.set_hidden(&ids[3], true, WriteOptions::default()).await.unwrap();
    stage.storage.builds.delete(&ids[4], Arc::new(|_| Ok(())), WriteOptions::default()).await.unwrap();
    let me = own(&stage, &caller("me")).await;
    assert_eq!(me, [(ids[1].clone(), 3), (ids[0].clone(), 3)]);
    let owner = own(&stage, &caller("s")).await;
    assert_eq!(
        owner,
        [(ids[2].clone(), 5), (ids[1].clone(), 5), (ids[0].clone(), 5)],
        "owners see their own"
    );
    let pages = pages(&stage, &caller("me"), 1).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1], "pages are full all the same");
    let asked = stage.storage.votes.ratings(&ids, &caller("me")).await.unwrap();
    assert_eq!(asked.len(), 2);
    stage.storage.builds.set_hidden(&ids[3], false, WriteOptions::default()).await.unwrap();
    assert_eq!(own(&stage, &caller("me")).await.len(), 3);
}

async fn a_player_sees_one_vote_for_each_build(stage: TestContext) {
    let (both, of_session) = (stage.build("both").await.summary.id, stage.build("session").await.summary.id);
    stage.cast(&both, "s1", 1).await;
    stage.cast(&of_session, "s1", 2).await;
    stage.clock.advance_seconds(1);
    stage.vote(&both, &player("s2", "p"), VoteAction::Cast(rating(5))).await.unwrap();
    let me = player("s1", "p");
    assert_eq!(own(&stage, &me).await, [(both.clone(), 5), (of_session, 2)], "the player's counts");
    assert_eq!(own(&stage, &player("s3", "p")).await, [(both, 5)]);
}

async fn votes_of_other_callers_are_not_listed(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.vote(&id, &player("s", "p"), VoteAction::Cast(rating(5))).await.unwrap();
    for other in [caller("s"), player("s", "q"), caller("t")] {
        assert_eq!(own(&stage, &other).await, []);
        assert_eq!(stage.storage.votes.ratings(std::slice::from_ref(&id), &other).await.unwrap(), []);
    }
}
